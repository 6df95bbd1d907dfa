"""Why a fan weighs what they weigh: best content, resonance, how it went, what it is worth, and what is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guanxi.console import words, written
from guanxi.console.figures import Change, Figure
from guanxi.console.influence.weights import value_figure
from guanxi.customers.queries.cards import currencies
from guanxi.influence import queries as influence
from guanxi.influence.weighing import queries as weights
from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor
from guanxi.social.queries.contents import titles_of

MONTHS_SHOWN = 6
TOPICS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class MonthBar:
    """People moved in a month: widths of 100, those moved for the first time and the others."""

    month: date
    people: int
    fresh: int
    width: int
    fresh_width: int


@dataclass(frozen=True, slots=True)
class Resonance:
    """One platform or topic: people expected, occasions, and the shares carried on and taken up within a day."""

    label: str
    reach: float
    moves: int
    carried: float
    soon: float | None


@dataclass(frozen=True, slots=True)
class Why:
    """What the section shows."""

    contents: tuple[tuple[int, str, int], ...]
    months: tuple[MonthBar, ...]
    resonance: tuple[Resonance, ...]
    unknown: tuple[str, ...]


def why_of(
    actor: Actor, engine: Engine, fan: int, found: influence.FanRipples, moment: date
) -> tuple[Why, list[Figure]]:
    """What a fan's weight is made of, and the figures of it: weight with its trend, and network value."""
    told = weights.why(actor, engine, fan, _months_before(moment, MONTHS_SHOWN - 1))
    worth = weights.worth_of(actor, engine, fan) if weights.sees_worth(actor) else None
    titles = titles_of(actor, [one.content for one in told.contents])
    contents = tuple(
        (one.content, titles.get(one.content) or _("content %(n)s") % {"n": one.content}, one.people)
        for one in told.contents
    )
    why = Why(
        contents, _bars(told.months), _resonance(told.facets), tuple(_unknown(actor, found, told, worth))
    )
    figures = [_weight(found.influence, told.weights)] if found.influence else []
    done = weights.engagements_of(actor, engine, fan)
    if found.influence and found.influence.direct and done:
        sold = currencies(actor, engine) if worth else ()
        figures.append(value_figure(worth, done, sold[0].currency if sold else ""))
    return why, figures


def _months_before(day: date, n: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - n, 12)
    return date(years, month + 1, 1)


def _weight(known: influence.FanWeight, remembered: Sequence[tuple[date, float]]) -> Figure:
    spark = tuple(weight for _, weight in remembered)
    change = None
    if len(remembered) > 1:
        before, weight = remembered[-2]
        period = _("since %(month)s") % {"month": written.month_in_words(before)}
        change = Change(known.weight, weight, period)
    return Figure(
        _("Influence"),
        written.number(known.weight, 2),
        unit=_("people"),
        side="social",
        note=_("expected to be moved by what they pass on"),
        change=change,
        spark=spark if len(spark) > 1 else (),
    )


def _bars(months: Sequence[weights.MonthMoved]) -> tuple[MonthBar, ...]:
    most = max((one.people for one in months), default=1)
    return tuple(
        MonthBar(one.month, one.people, one.fresh, _of(one.people, most), _of(one.fresh, most))
        for one in months
    )


def _of(some: int, most: int) -> int:
    return round(some / most * 100)


def _resonance(facets: Sequence[weights.Facet]) -> tuple[Resonance, ...]:
    whole = [one for one in facets if one.facet == weights.ALL]
    platforms = [one for one in facets if one.facet == "platform"]
    topics = [one for one in facets if one.facet == "topic"][:TOPICS_SHOWN]
    chosen = [*whole, *(platforms if len(platforms) > 1 else ()), *topics]
    return tuple(
        Resonance(
            _facet_title(one),
            one.millionths / 1_000_000,
            one.moves,
            one.carried / one.moves,
            one.soon / one.timed if one.timed else None,
        )
        for one in chosen
    )


def _facet_title(one: weights.Facet) -> str:
    if one.facet == weights.ALL:
        return _("In all")
    return words.word(words.PLATFORMS, one.value) if one.facet == "platform" else one.value


def _unknown(
    actor: Actor, found: influence.FanRipples, told: weights.Why, worth: weights.Worth | None
) -> list[str]:
    """What cannot be said of this fan's influence."""
    said = []
    if any(tie.credited for tie in found.moves):
        said.append(_("Nobody counted how often they gave occasion; chances are of being moved again."))
    if not any(one.facet == "topic" for one in told.facets):
        said.append(_("Too little was taken up on any one topic to speak of topics."))
    if len(told.weights) < 2:
        said.append(_("Their weight is remembered for too short a time to say where it goes."))
    if found.influence and found.influence.direct and weights.sees_worth(actor):
        said += _unknown_money(found.influence, worth)
    return said


def _unknown_money(known: influence.FanWeight, worth: weights.Worth | None) -> list[str]:
    reach, seen = known.direct + known.second, worth.known if worth else 0
    if seen >= reach:
        return []
    people = {"n": written.number(reach - seen), "whole": written.number(reach)}
    return [_("Of %(n)s of %(whole)s people in reach it is not known what they spend.") % people]
