"""What the fans of one block do of their own accord in some time: read, like, talk, share, open, leave.

A share travels along the true ties: each neighbour opens it with the tie's probability, some pass it on.
Farms open one another's shares within the minute; bots like like clockwork. Neither has ties.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from guanxi.world.brand import ACCOUNTS, DAY, World
from guanxi.world.content import chosen
from guanxi.world.events import WORD, Events, happened, joined
from guanxi.world.people import COMMUNITY, FARM, Flags, Floats, People
from guanxi.world.rhythm import in_rhythm
from guanxi.world.text import Ints, mixed
from guanxi.world.ties import Ties

HOPS_MAX = 6
_PASSED_ON = 0.12
_IN_CAMPAIGN = 0.6
_IN_GROUP = 0.25
_SECOND = 1_000_000
_FARM_SHARES = 6
_HABITS = ("click", "read", "like", "comment", "reply", "mention", "message", "answer", "attend")
_HABIT_WORDS = np.array([WORD[name] for name in _HABITS])


def doings(
    world: World, fans: People, bonds: Ties, window: tuple[int, int], horizon: int, day: int
) -> tuple[Events, Flags]:
    """All that fans begin in the window, cascades followed up to ``horizon``; and which fans shared anything.

    ``day`` counts from the world's end; 0 is the whole history.
    """
    begin, end = window
    rng = world.rng("doings", fans.block, day)
    share = (end - begin) / DAY / world.days
    there = (np.maximum(fans.followed, begin), np.minimum(fans.unfollowed, end))
    stayed = np.clip(there[1] - there[0], 0, None) / (end - begin)
    read = _readings(world, fans, rng, there, fans.rate * share * np.where(day, stayed, stayed**0.3))
    shares = _shares(world, fans, bonds, rng, there, share * (stayed > 0.01))
    spread = _cascades(world, fans, bonds, rng, shares, horizon, day)
    silent = followings(world, fans, bonds, joined(spread), horizon, day)
    parts = [read, *spread, silent, *_farm_rings(world, fans, rng, window, day)]
    leaving = np.flatnonzero((fans.unfollowed >= begin) & (fans.unfollowed < end))
    parts.append(happened("unfollow", leaving, fans.unfollowed[leaving]))
    if not day:
        parts.append(_groups(world, fans, rng, there))
    exposed = np.zeros(len(fans.account), bool)
    for part in spread:
        exposed[part.fan[part.word != WORD["open"]]] = True
    return joined(parts), exposed


def _within(rng: np.random.Generator, fans: People, there: tuple[Ints, Ints], fan: Ints) -> Ints:
    """A moment of each fan's stay at which it is awake."""
    begin, end = there[0][fan], there[1][fan]
    moment = begin + (rng.random(len(fan)) * (end - begin)).astype(np.int64)
    return in_rhythm(rng, begin, end, moment, fans.hours[fan])


def _readings(
    world: World, fans: People, rng: np.random.Generator, there: tuple[Ints, Ints], expected: Floats
) -> Events:
    fan = np.repeat(np.arange(len(expected)), rng.poisson(np.where(there[0] < there[1], expected, 0)))
    moment = _within(rng, fans, there, fan)
    robot = fans.bot[fan]
    moment[robot] = np.maximum(moment[robot] // (60 * _SECOND) * (60 * _SECOND), there[0][fan[robot]])
    habits = np.cumsum([account.habits for account in ACCOUNTS], axis=1)
    draw = np.minimum(rng.random(len(fan)), habits[fans.account[fan], -1] - 1e-9)
    habit = (draw[:, None] >= habits[fans.account[fan]]).sum(axis=1)
    habit[robot] = 2
    word = _HABIT_WORDS[habit]
    content = chosen(world, rng, fans.taste[fan], moment)
    content[word == WORD["message"]] = -1
    return happened(word, fan, moment, content=content)


def _shares(
    world: World,
    fans: People,
    bonds: Ties,
    rng: np.random.Generator,
    there: tuple[Ints, Ints],
    share: Floats,
) -> Events:
    """Shares of the fans' own; who is listened to shares more."""
    heard = np.log1p(bonds.degree) + np.minimum(bonds.degree, 100)
    lively = rng.gamma(0.5, 2.0, len(share)) * np.where(bonds.degree < 10, 0.20, 0.16 * heard)
    fan = np.repeat(np.arange(len(share)), rng.poisson(np.where(fans.honest, lively * share, 0)))
    moment = _within(rng, fans, there, fan)
    inside = rng.random(len(fan)) < _IN_CAMPAIGN
    content = chosen(world, rng, fans.taste[fan], moment)
    return happened("share", fan, moment, content=content, campaign=np.where(inside, _months(moment), -1))


def _marks(numbers: Ints, seed: int) -> Ints:
    """Numbers that nobody can guess, never negative."""
    return (mixed(numbers, seed) >> np.uint64(1)).astype(np.int64)


def _months(moments: Ints) -> Ints:
    months: Ints = moments.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return months


def _tokens(world: World, block: int, day: int, count: int, hop: int) -> Ints:
    """Marks of shares, no two the same."""
    return _marks((((block << 12) + day) << 31) + (hop << 28) + np.arange(count), world.seed + 7)


def _cascades(
    world: World, fans: People, bonds: Ties, rng: np.random.Generator, shares: Events, end: int, day: int
) -> list[Events]:
    """The shares and what came of them, hop by hop; nobody opens one cascade twice."""
    size = len(fans.account)
    parts: list[Events] = []
    tree = np.arange(len(shares))
    reached = np.unique(tree * size + shares.fan)
    for hop in range(HOPS_MAX):
        shares = replace(shares, token=_tokens(world, fans.block, day, len(shares), hop))
        row, opened = _opened(fans, bonds, rng, shares, end)
        key, place = np.unique(tree[row] * size + opened.fan, return_index=True)
        new = ~np.isin(key, reached, assume_unique=True)
        reached = np.union1d(reached, key[new])
        row, opened = row[place[new]], opened.taken(place[new])
        parts += [shares, opened]
        soon = (rng.lognormal(5.0, 1.0, len(opened)) * _SECOND).astype(np.int64) // 1000 * 1000
        passed = np.flatnonzero((rng.random(len(opened)) < _PASSED_ON) & (opened.moment + soon < end))
        if not len(passed):
            break
        tree, onward = tree[row[passed]], opened.taken(passed)
        word = np.full(len(passed), WORD["forward"])
        shares = replace(onward, word=word, moment=onward.moment + soon[passed])
    return parts


def _opened(
    fans: People, bonds: Ties, rng: np.random.Generator, shares: Events, end: int
) -> tuple[Ints, Events]:
    """Who opens these shares, with the row of the share each of them opens."""
    row, tie = _audience(bonds, shares.fan)
    opens = rng.random(len(row)) < bonds.probability[tie]
    row, fan = row[opens], bonds.influenced[tie[opens]]
    delay = (np.maximum(rng.lognormal(9.6, 1.4, len(row)), 1) * _SECOND).astype(np.int64) // 1000 * 1000
    moment = shares.moment[row] + delay
    # Whoever opens need not follow yet: that is how some come to follow.
    here = (moment < end) & (moment < fans.unfollowed[fan])
    row, fan, moment = row[here], fan[here], moment[here]
    seen = shares.taken(row)
    word = np.full(len(row), WORD["open"])
    return row, replace(seen, word=word, fan=fan, through=seen.fan, moment=moment)


def followings(world: World, fans: People, bonds: Ties, events: Events, horizon: int, day: int) -> Events:
    """What these shares make listeners read with no mark of whose share it was: the same for the same shares.

    None of these can be told from a reading of one's own accord but by knowing the world.
    """
    shared = np.flatnonzero(
        ((events.word == WORD["share"]) | (events.word == WORD["forward"])) & (events.token >= 0)
    )
    shares = events.taken(shared[np.argsort(events.token[shared], kind="stable")])
    rng = world.rng("silent", fans.block, day)
    row, tie = _audience(bonds, shares.fan)
    moved = rng.random(len(row)) < np.minimum(world.silent * bonds.probability[tie], 0.95)
    row, fan = row[moved], bonds.influenced[tie[moved]]
    moment = shares.moment[row] + (np.maximum(rng.lognormal(9.6, 1.4, len(row)), 1) * _SECOND).astype(
        np.int64
    )
    there = (moment < horizon) & (moment < fans.unfollowed[fan]) & (moment >= fans.followed[fan])
    return happened("read", fan[there], moment[there] // 1000 * 1000, content=shares.content[row[there]])


def _audience(bonds: Ties, sharers: Ints) -> tuple[Ints, Ints]:
    """For each listener of each share: the share's row and the tie it travels along."""
    count = bonds.degree[sharers]
    row = np.repeat(np.arange(len(sharers)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return row, bonds.first[sharers][row] + np.arange(len(row)) - before


def _farm_rings(
    world: World, fans: People, rng: np.random.Generator, window: tuple[int, int], day: int
) -> list[Events]:
    """Every member shares, every other member opens it within the minute."""
    begin, end = window
    share = (end - begin) / DAY / world.days
    members = np.flatnonzero(fans.farm >= 0)
    sharer = np.repeat(members, rng.poisson(_FARM_SHARES * share, len(members)))
    start = np.maximum(fans.followed[sharer] + DAY // 12, begin)
    moment = start + (rng.random(len(sharer)) * np.maximum(end - DAY // 24 - start, 1)).astype(np.int64)
    sharer, moment = sharer[moment < end - DAY // 24], moment[moment < end - DAY // 24]
    content = chosen(world, rng, fans.taste[sharer], moment)
    months = _months(moment)
    token = _tokens(world, fans.block, day, len(sharer), HOPS_MAX)
    shares = happened("share", sharer, moment, content=content, campaign=months, token=token)
    row = np.repeat(np.arange(len(sharer)), FARM)
    opener = sharer[row] // COMMUNITY * COMMUNITY + np.tile(np.arange(FARM), len(sharer))
    row, opener = row[opener != sharer[row]], opener[opener != sharer[row]]
    soon = moment[row] + rng.integers(_SECOND, 60 * _SECOND, len(row)) // 1000 * 1000
    opens = happened(
        "open",
        opener,
        soon,
        through=sharer[row],
        content=content[row],
        campaign=months[row],
        token=token[row],
    )
    return [shares, opens]


def _groups(world: World, fans: People, rng: np.random.Generator, there: tuple[Ints, Ints]) -> Events:
    """Some join the brand's chat group of their community."""
    fan = np.flatnonzero((rng.random(len(fans.account)) < _IN_GROUP) & fans.honest & (there[0] < there[1]))
    group = _marks(fans.block * 1024 + fan // COMMUNITY, world.seed + 9)
    return happened("join_group", fan, _within(rng, fans, there, fan), token=group)
