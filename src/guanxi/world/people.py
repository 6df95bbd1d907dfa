"""The fans of one block: who they are, whom they resemble, how lively they are, and what messages do to them.

Fans stand in communities of `COMMUNITY` on one account, of like city and taste and in order of standing, so
that neighbours are alike: likeness and influence can be mistaken for each other, as outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from guanxi.world.brand import ACCOUNTS, BLOCK, DAY, World, micros
from guanxi.world.rhythm import in_rhythm
from guanxi.world.text import Ints, digits, hexadecimal, mixed, scattered
from guanxi.world.words import CITY_HOURS, TOPICS

COMMUNITY = 128
FARM = 25
# Few move many, most hardly anybody, and listeners differ nearly as much: measured on real retweets (README).
_CHARISMA, _OPENNESS = (0.4, 3.0), (0.45, 2.5)
_FARMED, _BOTS, _SECOND_ACCOUNTS, _LEAVING = 0.005, 0.003, 0.05, 0.06

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class People:
    """The fans of a block; every array has a place for each of them.

    ``owner`` is the place of the first account of the same person; ``farm`` is -1 for honest fans.
    """

    block: int
    account: Ints
    owner: Ints
    city: Ints
    taste: Ints
    standing: Ints
    birth_year: Ints
    female: Flags
    rate: Floats
    charisma: Floats
    openness: Floats
    followed: Ints
    unfollowed: Ints
    farm: Ints
    bot: Flags
    buys: Flags

    @property
    def numbers(self) -> Ints:
        """Each fan's number in the whole world."""
        return self.block * BLOCK + np.arange(len(self.account))

    @property
    def hours(self) -> Ints:
        """How far each fan's clock is ahead of UTC, in hours."""
        return np.array(CITY_HOURS)[self.city]

    @property
    def honest(self) -> Flags:
        """Fans that are people."""
        return (self.farm < 0) & ~self.bot


def people(world: World, block: int) -> People:
    """The fans of ``block``, the same ones whenever they are asked for."""
    rng, size = world.rng("people", block), world.size(block)
    places = np.arange(size)
    community = places // COMMUNITY
    shares = np.array([account.share for account in ACCOUNTS])
    draws = (np.arange(community[-1] + 1) * 0.6180339887 + rng.random()) % 1.0
    account = np.minimum(np.searchsorted(np.cumsum(shares), draws), len(ACCOUNTS) - 1)[community]
    owner = _owners(rng, size)
    farm = _farms(rng, size)
    bot = (rng.random(size) < _BOTS) & (farm < 0)
    followed, unfollowed = _stay(world, rng, size, farm)
    return People(
        block=block,
        account=account,
        owner=owner,
        city=_cities(rng, account, community)[owner],
        taste=_alike(rng, community, len(TOPICS)),
        standing=_standing(rng, places),
        birth_year=(2008 - np.clip(rng.gamma(4.0, 5.0, size), 2, 60)).astype(np.int64)[owner],
        female=(rng.random(size) < 0.58)[owner],
        rate=_rates(world, rng, farm, bot),
        charisma=rng.beta(*_CHARISMA, size),
        openness=rng.beta(*_OPENNESS, size),
        followed=followed,
        unfollowed=unfollowed,
        farm=farm,
        bot=bot,
        buys=_buyers(world, rng, farm, bot)[owner],
    )


def _owners(rng: np.random.Generator, size: int) -> Ints:
    """Some people have a second account; whoever owns one has no third."""
    owner = np.arange(size)
    second = rng.random(size) < _SECOND_ACCOUNTS
    first = rng.integers(0, size, size)
    good = second & ~second[first]
    owner[good] = first[good]
    return owner


def _farms(rng: np.random.Generator, size: int) -> Ints:
    farm = np.full(size, -1)
    communities = size // COMMUNITY
    wanted = min(max(round(size * _FARMED / FARM), 1), communities)
    for number, community in enumerate(rng.choice(communities, wanted, replace=False) if communities else ()):
        farm[community * COMMUNITY : community * COMMUNITY + FARM] = number
    return farm


def _stay(world: World, rng: np.random.Generator, size: int, farm: Ints) -> tuple[Ints, Ints]:
    """When each fan followed (a third at the start, then ever more) and left (most of them after the end)."""
    begin, end = micros(world.begin), micros(world.end)
    early = rng.random(size) < 0.35
    share = np.where(early, rng.random(size) * 0.02, rng.random(size) ** 0.75 * 0.97)
    followed = in_rhythm(rng, begin, end, begin + (share * (end - begin)).astype(np.int64), 8)
    # The accounts of a farm are made in one sitting.
    gathered = farm >= 0
    sitting = begin + ((farm * 0.37) % 0.6 * (end - begin)).astype(np.int64)
    followed[gathered] = sitting[gathered] + rng.integers(0, DAY // 48, size)[gathered]
    leaves = (rng.random(size) < _LEAVING) & ~gathered
    left = followed + (rng.random(size) * (end - followed)).astype(np.int64)
    return followed, np.where(leaves & (left > followed + DAY // 24), left, np.iinfo(np.int64).max)


def _cities(rng: np.random.Generator, account: Ints, community: Ints) -> Ints:
    """Four in five live where their community does."""
    choices = [np.array(one.cities) for one in ACCOUNTS]
    own = np.minimum((rng.random(len(account)) ** 1.4 * 100).astype(np.int64), 99)
    shared = np.minimum((rng.random(community[-1] + 1) ** 1.4 * 100).astype(np.int64), 99)[community]
    draw = np.where(rng.random(len(account)) < 0.8, shared, own)
    city = np.zeros(len(account), np.int64)
    for number, cities in enumerate(choices):
        of = account == number
        city[of] = cities[draw[of] * len(cities) // 100]
    return city


def _alike(rng: np.random.Generator, community: Ints, kinds: int) -> Ints:
    """Seven in ten share their community's kind."""
    shared = rng.integers(0, kinds, community[-1] + 1)[community]
    return np.where(rng.random(len(community)) < 0.7, shared, rng.integers(0, kinds, len(community)))


def _standing(rng: np.random.Generator, places: Ints) -> Ints:
    level = (places % COMMUNITY) / COMMUNITY * 5 + rng.normal(0, 0.35, len(places))
    return np.clip(level.astype(np.int64) + 1, 1, 5)


def _rates(world: World, rng: np.random.Generator, farm: Ints, bot: Flags) -> Floats:
    """Expected engagements a fan makes of its own accord if it stays the whole history; heavy-tailed."""
    # Cascades and farms bring the rest of what was asked for (measured).
    rate = rng.lognormal(-0.72, 1.2, len(farm)) * world.engagements * 0.88
    return np.where(farm >= 0, 0.05, np.where(bot, rate * 12, np.minimum(rate, 60 * world.engagements)))


def _buyers(world: World, rng: np.random.Generator, farm: Ints, bot: Flags) -> Flags:
    return (rng.random(len(farm)) < world.buying) & (farm < 0) & ~bot


def identifiers(world: World, fans: People) -> pa.Array:
    """Each fan's id as its platform writes it."""
    numbers, seed = fans.numbers, world.seed
    bits = mixed(numbers, seed)
    ways = {
        "wechat": hexadecimal(bits, "o6_bmjrPTlm6"),
        "weibo": digits(1_000_000_000 + scattered(numbers, 8_999_999_993, seed), 10),
        "line": hexadecimal(bits, "U4af4980629ca6b9d"),
        "whatsapp": digits(6_580_000_000 + scattered(numbers, 999_999_937, seed), 10),
        "x": digits(1_400_000_000_000_000_000 + scattered(numbers, 99_999_999_977, seed) * 999_983, 19),
    }
    platforms = list(ways)
    every = pa.concat_arrays([ways[platform] for platform in platforms])
    of_account = np.array([platforms.index(account.platform) for account in ACCOUNTS])
    return every.take(pa.array(of_account[fans.account] * len(numbers) + np.arange(len(numbers))))
