"""The customers of one block: fans who buy, and as many who are no fans; what they order and return.

A fifth of them brings between 60 and 70 % of the revenue (a long tail of both how often and how much).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi.world.brand import DAY, World, micros
from guanxi.world.people import Flags, Floats, People
from guanxi.world.rhythm import in_rhythm
from guanxi.world.text import Ints

_REFUNDED = 0.03
_THROUGH_FAN = 0.15
_PRICE_FEN = 9_000


@dataclass(frozen=True)
class Buyers:
    """Customers by slot: below the number of fans it is the fan's place, above it nobody we know as a fan."""

    block: int
    slot: Ints
    is_fan: Flags
    registered: Ints
    rate: Floats
    level: Floats


@dataclass(frozen=True)
class Orders:
    """Payments and refunds in order of time; ``fan`` is the place of the fan it came through, or -1.

    ``number`` is the order's, ``flow`` is the row's own; a refund has the number of its order.
    """

    buyer: Ints
    number: Ints
    flow: Ints
    refund: Flags
    fen: Ints
    pieces: Ints
    moment: Ints
    fan: Ints

    def __len__(self) -> int:
        return len(self.buyer)


def buyers(world: World, fans: People) -> Buyers:
    """The customers of a block, the same ones whenever they are asked for."""
    rng = world.rng("buyers", fans.block)
    own = np.flatnonzero(fans.buys & (fans.owner == np.arange(len(fans.owner))))
    size = len(fans.owner)
    others = size + np.arange(min(len(own), size))
    slot = np.concatenate([own, others])
    begin, end = micros(world.begin), micros(world.end)
    registered = begin + (rng.random(len(slot)) ** 0.8 * (end - begin)).astype(np.int64)
    level = rng.lognormal(0.0, 0.87, len(slot))
    # Those who love the brand buy a little more: what the crosswalk should find.
    level[: len(own)] *= 1.0 + 0.08 * np.log1p(fans.rate[own])
    return Buyers(
        block=fans.block,
        slot=slot,
        is_fan=np.arange(len(slot)) < len(own),
        registered=in_rhythm(rng, begin, end, registered, 8),
        rate=rng.gamma(0.8, 1.8, len(slot)),
        level=level,
    )


def history_orders(world: World, fans: People, customers: Buyers) -> Orders:
    """All orders of a block up to the world's end: one when they register, more as they please."""
    rng = world.rng("orders", fans.block)
    end = micros(world.end)
    first = np.arange(len(customers.slot))
    more = np.repeat(first, rng.poisson(customers.rate))
    begin = customers.registered[more]
    later = begin + (rng.random(len(more)) * (end - begin)).astype(np.int64)
    later = in_rhythm(rng, begin, end, later, 8)
    buyer = np.concatenate([first, more])
    moment = np.concatenate([np.minimum(customers.registered + DAY // 96, end - 1_000), later])
    return _orders(world, fans, customers, rng, (buyer, moment), end, 0)


def day_orders(world: World, fans: People, customers: Buyers, day: int, begin: int, end: int) -> Orders:
    """The orders of a block in [begin, end), within the ``day``-th day after the world's end."""
    rng = world.rng("orders", fans.block, day)
    share = (end - begin) / DAY / world.days
    buyer = np.repeat(np.arange(len(customers.slot)), rng.poisson(customers.rate * share))
    moment = begin + (rng.random(len(buyer)) * (end - begin)).astype(np.int64)
    moment = in_rhythm(rng, begin, end, moment, 8)
    return _orders(world, fans, customers, rng, (buyer, moment), end, day)


def prices(rng: np.random.Generator, level: Floats) -> Ints:
    """What one order costs in fen, by the buyer's level."""
    fen = _PRICE_FEN * level * rng.lognormal(0.0, 0.45, len(level))
    ending: Ints = rng.choice([0, 50, 90], len(level))
    return np.maximum((fen / 100).astype(np.int64), 9) * 100 + ending


def one_price(level: Floats, chance: Floats) -> Ints:
    """What one order costs in fen, by the buyer's level and a number in [0, 1)."""
    fen: Ints = np.maximum(_PRICE_FEN * level * np.exp((chance - 0.5) * 1.2), 900).astype(np.int64)
    return fen


def _orders(
    world: World,
    fans: People,
    customers: Buyers,
    rng: np.random.Generator,
    placed: tuple[Ints, Ints],
    end: int,
    day: int,
) -> Orders:
    buyer, moment = placed
    count = len(buyer)
    number = (day << 18) + np.arange(count)
    fen = prices(rng, customers.level[buyer])
    pieces = 1 + rng.poisson(0.6, count)
    slot = customers.slot[buyer]
    fan = np.where(customers.is_fan[buyer] & (rng.random(count) < _THROUGH_FAN), slot, -1)
    followed = np.where(fan >= 0, fans.followed[fan], 0)
    fan = np.where(followed <= moment, fan, -1)
    back = np.flatnonzero(rng.random(count) < _REFUNDED)
    returned = moment[back] + (rng.random(len(back)) * 14 * DAY).astype(np.int64)
    back, returned = back[returned < end], returned[returned < end]
    part = np.where(rng.random(len(back)) < 0.8, fen[back], fen[back] // 2)
    rows = np.concatenate([np.arange(count), back])
    refund = np.arange(len(rows)) >= count
    moments = np.concatenate([moment, returned])
    order = np.argsort(moments, kind="stable")
    return Orders(
        buyer=buyer[rows][order],
        number=number[rows][order],
        flow=(number[rows] * 2 + refund)[order],
        refund=refund[order],
        fen=np.concatenate([fen, part])[order],
        pieces=pieces[rows][order],
        moment=moments[order],
        fan=np.where(refund, -1, fan[rows])[order],
    )
