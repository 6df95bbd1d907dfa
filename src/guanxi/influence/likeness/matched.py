"""How much of what follows a share would have come without it: likeness, taste, timing, popularity.

Fans who were seen to be moved before, and whose influencer shared a content, sometimes take it up without a
mark of whose share it was. What each would do anyway is told by a *matched comparison*: how much they did with
that topic while nobody they listen to had shared it, spread over its contents and days as the crowd that nobody
moves spreads its own (a shuffle of contents within account, topic and time; Anagnostopoulos, Kumar & Mahdian 2008,
Aral, Muchnik & Sundararajan 2009). The time before the share, which it cannot have caused, then scales that
expectation (the *edge reversed*). Refuses to say where too little followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.influence.kernels.graph import Bools, Floats, Ints

WINDOW_DAYS = 7.0
LEVEL = 0.9
FOLLOWED_MIN = 50
BEFORE_MIN = 30.0
WIDTH_MAX = 0.5
DRAWS = 400


@dataclass(frozen=True)
class Crowd:
    """How many fans whom nobody moves took up each content by each moment.

    Attributes:
        by_day: by content (row), the running count at the beginning of each day and at the end of the last.
        topic: by content, its group: account and topic.
        by_topic: by group, the same running counts.
    """

    by_day: Floats
    topic: Ints
    by_topic: Floats

    def of_contents(self, content: Ints, day: Floats) -> Floats:
        """The count of each of these contents at these moments, in days since the first."""
        return _at(self.by_day, content, day)

    def of_topics(self, topic: Ints, day: Floats) -> Floats:
        """The count of each of these groups at these moments."""
        return _at(self.by_topic, topic, day)


@dataclass(frozen=True)
class Exposures:
    """A content that somebody shared who moves a fan; by row.

    Attributes:
        fan: the place of the fan.
        content: the place of the content.
        shared: the moment of the first share, in days.
        did: when the fan first took it up unmarked; NaN where never.
        named: whether the fan did something with it that names a parent, and so is not asked about.
    """

    fan: Ints
    content: Ints
    shared: Floats
    did: Floats
    named: Bools


@dataclass(frozen=True)
class Doings:
    """What fans took up of their own accord: fan, content and moment by row; and since when each fan is there."""

    fan: Ints
    content: Ints
    did: Floats
    since: Floats


@dataclass(frozen=True)
class Followed:
    """By fan: what followed shares and what would have anyway, what came before and what was to be expected."""

    exposures: Floats
    after: Floats
    after_expected: Floats
    before: Floats
    before_expected: Floats

    def part(self, fans: Bools) -> Followed:
        """Some of the fans."""
        columns = (self.exposures, self.after, self.after_expected, self.before, self.before_expected)
        return Followed(*(column[fans] for column in columns))


@dataclass(frozen=True)
class Likeness:
    """The answer for a brand or a platform.

    Attributes:
        exposures: contents shared to somebody who could follow.
        followed: how many they took up within a week, unmarked.
        anyway: how many of these would have come without the share.
        reversal: by how much the week before the share exceeds the matched comparison.
        share: ``anyway`` of ``followed``, at most 1; None where the data cannot say.
        low: the low end of its 90 % interval.
        high: the high end.
    """

    exposures: int
    followed: int
    anyway: float
    reversal: float
    share: float | None
    low: float | None
    high: float | None


def followed(crowd: Crowd, exposures: Exposures, doings: Doings) -> Followed:
    """What followed shares, beside what the matched comparison expects, summed by fan."""
    groups, fans = len(crowd.by_topic), len(doings.since)
    end = np.full(1, crowd.by_day.shape[1] - 1.0)
    rate = _rates(crowd, exposures, doings, float(end[0]))
    asked = ~exposures.named
    fan, content, shared = exposures.fan[asked], exposures.content[asked], exposures.shared[asked]
    mine = rate[fan * groups + crowd.topic[content]]
    since = doings.since[fan]
    at = [
        crowd.of_contents(content, np.clip(shared + step, since, np.maximum(since, end)))
        for step in (-WINDOW_DAYS, 0.0, WINDOW_DAYS)
    ]
    did = exposures.did[asked] - shared
    before, after = (did > -WINDOW_DAYS) & (did <= 0), (did > 0) & (did <= WINDOW_DAYS)

    return Followed(
        *(
            by_fan(fan, column, fans)
            for column in (
                np.ones(len(fan)),
                after,
                mine * (at[2] - at[1]),
                before,
                mine * (at[1] - at[0]),
            )
        )
    )


def by_fan(fan: Ints, values: Floats | Bools, fans: int) -> Floats:
    """The values summed by fan."""
    return np.bincount(fan, values.astype(np.float64), minlength=fans).astype(np.float64)


def _rates(crowd: Crowd, exposures: Exposures, doings: Doings, end: float) -> Floats:
    """By fan and group, how often the fan does what one of the crowd does, while no share told them to."""
    groups, fans, contents = len(crowd.by_topic), len(doings.since), len(crowd.topic)
    known = {"minlength": fans * groups}
    told = exposures.fan * contents + exposures.content
    order = np.argsort(told, kind="stable")
    key = doings.fan * contents + doings.content
    place = np.minimum(np.searchsorted(told[order], key), max(len(told) - 1, 0))
    hit = told[order][place] == key if len(told) else np.zeros(len(key), bool)
    moment = exposures.shared[order][place] if len(told) else np.zeros(len(key))
    own = ~hit | (doings.did <= moment)
    n = np.bincount((doings.fan * groups + crowd.topic[doings.content])[own], **known).astype(np.float64)
    ends = np.full(fans, end)
    everything = [
        crowd.of_topics(np.full(fans, group), ends) - crowd.of_topics(np.full(fans, group), doings.since)
        for group in range(groups)
    ]
    room = np.stack(everything, axis=1).ravel()
    since = np.maximum(exposures.shared, doings.since[exposures.fan])
    taken = crowd.of_contents(exposures.content, np.full(len(since), end)) - crowd.of_contents(
        exposures.content, since
    )
    room = room - np.bincount(exposures.fan * groups + crowd.topic[exposures.content], taken, **known)
    return np.where(room > 0, n / np.maximum(room, 1e-9), 0.0)


def likeness(found: Followed, seed: int = 0) -> Likeness:
    """The share that would have come anyway, with an interval from drawing fans again (bootstrap)."""
    columns = np.stack([found.after, found.after_expected, found.before, found.before_expected])
    after, anyway, reversal, share = (float(value) for value in _shares(columns.sum(axis=1)))
    counts = int(found.exposures.sum()), int(after)
    if after < FOLLOWED_MIN:
        return Likeness(*counts, anyway, reversal, None, None, None)
    rng = np.random.default_rng(seed)
    drawn = [_shares(columns @ rng.poisson(1.0, columns.shape[1]))[3] for _ in range(DRAWS)]
    low, high = (float(x) for x in np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)))
    if high - low > WIDTH_MAX:
        return Likeness(*counts, anyway, reversal, None, low, high)
    return Likeness(*counts, anyway, reversal, share, low, high)


def _shares(sums: Floats) -> tuple[float, float, float, float]:
    after, expected, before, before_expected = sums
    reversal = before / before_expected if before_expected >= BEFORE_MIN else 1.0
    anyway = expected * reversal
    return after, anyway, reversal, min(1.0, anyway / after) if after else 1.0


def _at(running: Floats, row: Ints, day: Floats) -> Floats:
    """Running counts at moments between days, as if each day's came evenly."""
    last = running.shape[1] - 1
    moment = np.clip(day, 0, last)
    whole = np.minimum(moment.astype(np.int64), last - 1)
    left, right = running[row, whole], running[row, whole + 1]
    between: Floats = left + (moment - whole) * (right - left)
    return between
