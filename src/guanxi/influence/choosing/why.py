"""Why a choice took a fan: of all that was known of them, what sets them apart from the others chosen.

Rules over what was seen when the choice was made; the choice itself asks none of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guanxi.influence.choosing.passed import OVERLAP_BELOW

CIRCLING_FROM = 2.0
TOLD, TOLD_LEAST = 3, 2
_APART = 0.75
_HALF, _FIRM = 0.5, 0.8
_MARKED, _MARKED_BY = 0.1, 3
_OCCASIONS, _THIN = 10, 5
_NEVER = float("inf")


@dataclass(frozen=True)
class Marked:
    """What stands out among the people a fan moves, a city or a topic.

    Attributes:
        value: what it is.
        people: how many of those they moved it holds for, and
        known: of how many something is known.
        usual: its share among the people whom the others chosen moved.
    """

    value: str
    people: int
    known: int
    usual: float

    @property
    def excess(self) -> float:
        """By how much more of this fan's people it holds for."""
        return self.people / self.known - self.usual


@dataclass(frozen=True)
class Seen:
    """What was known of a chosen fan when the choice was made.

    Attributes:
        fan: who.
        alone: what they would reach alone, as the choice counts.
        only: of that what nobody else of the chosen reaches.
        weight: how many people they are expected to move.
        direct: people they were seen to move, and
        second: people moved through those.
        strangers: how many they moved directly were not known customers; None where no customer is known.
        successes: on how many occasions they moved somebody.
        counted: on how many of these the occasions were counted, and
        opportunities: how many there were.
        community: theirs, with
        size: its fans; None and 0 for who has none.
        city: what marks where those live whom they move.
        topic: what marks on what they move them.
        firm: in what share of the drawn worlds they are chosen; None where none were drawn.
    """

    fan: int
    alone: float
    only: float
    weight: float
    direct: int
    second: int
    strangers: int | None
    successes: int
    counted: int
    opportunities: int
    community: int | None
    size: int
    city: Marked | None
    topic: Marked | None
    firm: float | None


@dataclass(frozen=True)
class Reason:
    """A code, with the fan of whom it is said and what is usual among the chosen."""

    code: str
    of: Seen
    usual: float = 0.0


Beside = Counter[int | None]  # by community, how many of the chosen are of it


@dataclass(frozen=True)
class _Measure:
    """A number by which the chosen differ; None where it says nothing of a fan.

    What is great is said by ``high`` if at least ``above``, what is small by ``low`` if less than ``below``.
    """

    of: Callable[[Seen, Beside], float | None]
    high: str
    above: float
    low: str = ""
    below: float = -_NEVER
    reveals: bool = False


def _own(one: Seen, _beside: Beside) -> float | None:
    return one.only / one.alone if one.alone > 0 else None


def _strangers(one: Seen, _beside: Beside) -> float | None:
    return one.strangers / one.direct if one.strangers is not None and one.direct else None


def _second(one: Seen, _beside: Beside) -> float | None:
    people = one.direct + one.second
    return one.second / people if people else None


def _community(one: Seen, beside: Beside) -> float | None:
    single = one.community is not None and beside[one.community] == 1 < beside.total()
    return float(one.size) if single else 0.0


def _taken_up(one: Seen, _beside: Beside) -> float | None:
    return one.counted / one.opportunities if one.opportunities >= _OCCASIONS else None


_MEASURES = (
    _Measure(_own, "only_they_reach", _HALF, "shared_reach", OVERLAP_BELOW),
    _Measure(_strangers, "moves_strangers", _HALF, "moves_customers", _HALF, reveals=True),
    _Measure(_community, "opens_community", 1.0),
    _Measure(lambda one, _beside: one.city.excess if one.city else 0.0, "opens_city", _MARKED),
    _Measure(lambda one, _beside: one.topic.excess if one.topic else 0.0, "moves_on_topic", _MARKED),
    _Measure(lambda one, _beside: float(one.direct), "moves_many", 2.0),
    _Measure(_second, "moves_through_others", _HALF),
    _Measure(_taken_up, "taken_up", 0.0),
    _Measure(lambda one, _beside: float(one.successes), "", _NEVER, "thin_evidence", _THIN),
    _Measure(lambda one, _beside: one.firm, "firm", _FIRM, "not_firm", _HALF),
)


def marked(counts: dict[int, dict[str, int]], known: dict[int, int]) -> dict[int, Marked]:
    """By fan, the value that holds for far more of their people than for those of the other fans; only if it does.

    Args:
        counts: by fan and value, of how many people it holds.
        known: by fan, of how many people any value is known.

    >>> marked({1: {"Rome": 8, "Oslo": 2}, 2: {"Oslo": 9}}, {1: 10, 2: 9})[1]
    Marked(value='Rome', people=8, known=10, usual=0.0)
    """
    everywhere: dict[str, int] = {}
    for values in counts.values():
        for value, people in values.items():
            everywhere[value] = everywhere.get(value, 0) + people
    whole, found = sum(known.values()), {}
    for fan, values in counts.items():
        others = max(whole - known[fan], 1)
        rows = [
            Marked(value, people, known[fan], (everywhere[value] - people) / others)
            for value, people in sorted(values.items())
            if people >= _MARKED_BY
        ]
        best = max(rows, key=lambda row: row.excess, default=None)
        if best is not None and best.excess >= _MARKED:
            found[fan] = best
    return found


def reasons_of(chosen: Sequence[Seen], with_customers: bool) -> dict[int, tuple[Reason, ...]]:
    """By fan, the two or three things that set them apart most from the others chosen; then what speaks against them.

    ``circling``: far more is expected of them than the people they were ever seen to move, as where a closed
    ring of accounts moves itself round and round.

    Args:
        chosen: all of one choice.
        with_customers: whether it may be said how many of somebody's people are customers.
    """
    found: dict[int, list[tuple[float, Reason]]] = {one.fan: [] for one in chosen}
    beside = Counter(one.community for one in chosen)
    for measure in _MEASURES:
        if measure.reveals and not with_customers:
            continue
        values = {one.fan: measure.of(one, beside) for one in chosen}
        known = sorted(value for value in values.values() if value is not None)
        for one in chosen:
            value = values[one.fan]
            if value is not None:
                found[one.fan] += _said(measure, one, value, known)
    told = _dealt([each for one in chosen if one.direct + one.second for each in found[one.fan]], len(chosen))
    return {one.fan: (*told.get(one.fan, ()), *_against(one)) for one in chosen}


def _said(measure: _Measure, one: Seen, value: float, told: Sequence[float]) -> list[tuple[float, Reason]]:
    """What this measure may say of a fan, with the share of the others whom it sets them apart from."""
    usual, others = told[len(told) // 2], max(len(told) - 1, 1)
    if measure.high and value >= max(measure.above, usual):
        return [(bisect_left(told, value) / others, Reason(measure.high, one, usual))]
    if measure.low and value < measure.below and value <= usual:
        return [((len(told) - bisect_right(told, value)) / others, Reason(measure.low, one, usual))]
    return []


def _dealt(found: Sequence[tuple[float, Reason]], chosen: int) -> dict[int, list[Reason]]:
    """By fan what is said, the furthest apart first; no code of more than a quarter of the list, unless a fan would be
    left with fewer than two.
    """
    told: dict[int, list[Reason]] = {}
    times = Counter[str]()
    ranked = sorted(found, key=lambda each: -each[0])
    for most in (max(1, round(chosen * (1 - _APART))), chosen):
        for apart, reason in ranked:
            mine = told.setdefault(reason.of.fan, [])
            room = len(mine) < (TOLD if apart >= _APART else TOLD_LEAST)
            if room and times[reason.code] < most and reason not in mine:
                mine.append(reason)
                times[reason.code] += 1
    return told


def _against(one: Seen) -> list[Reason]:
    people = one.direct + one.second
    if people == 0:
        return [Reason("too_little_seen", one)]
    return [Reason("circling", one)] if one.weight >= CIRCLING_FROM * people else []
