"""What each side happens to know of a person: phone, union id, e-mail. Each knows a part, so links do too.

A person's slot is its place among the block's possible persons: fans first, then people who only buy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.world.brand import ACCOUNTS, BLOCK, World
from guanxi.world.people import Flags, People
from guanxi.world.text import Ints, digits, hexadecimal, mixed, scattered, where

_UNION_ACCOUNTS = np.array([account.platform == "wechat" for account in ACCOUNTS])
_MAIL_ACCOUNTS = np.array([account.platform in ("line", "x") for account in ACCOUNTS])


def persons(block: int, slots: Ints) -> Ints:
    """The number of each person in the whole world."""
    return block * 2 * BLOCK + slots


def phones(world: World, numbers: Ints) -> pa.Array:
    """Each person's own phone number."""
    return digits(13_000_000_000 + scattered(numbers, 6_999_999_997, world.seed), 11)


def union_ids(world: World, numbers: Ints) -> pa.Array:
    """Each person's id over all accounts of the brand's on WeChat."""
    return hexadecimal(mixed(numbers, world.seed + 1), "oNQsM6b5t3")


def addresses(world: World, numbers: Ints) -> pa.Array:
    """Each person's e-mail address."""
    return pc.binary_join_element_wise(hexadecimal(mixed(numbers, world.seed + 2), "u"), "example.com", "@")


def customer_numbers(world: World, numbers: Ints) -> pa.Array:
    """What the shop calls each person."""
    return digits(scattered(numbers, 999_999_937, world.seed), 9, "C")


def fan_evidence(world: World, fans: People) -> dict[str, pa.Array]:
    """What the social side knows: some phones, some union ids on WeChat, some addresses elsewhere."""
    rng = world.rng("fan evidence", fans.block)
    numbers = persons(fans.block, fans.owner)
    chance = rng.random((3, len(fans.owner)))
    honest = fans.honest
    return {
        "phone": where(honest & (chance[0] < 0.45), phones(world, numbers)),
        "unionid": where(
            honest & (chance[1] < 0.45) & _UNION_ACCOUNTS[fans.account], union_ids(world, numbers)
        ),
        "email": where(honest & (chance[2] < 0.25) & _MAIL_ACCOUNTS[fans.account], addresses(world, numbers)),
    }


def customer_evidence(world: World, block: int, slots: Ints, is_fan: Flags) -> dict[str, pa.Array]:
    """What the shop knows: most phones, fewer of the rest; a few households share one phone."""
    rng = world.rng("customer evidence", block)
    numbers = persons(block, slots)
    chance = rng.random((4, len(slots)))
    # A household: someone who is no fan gives the phone of a customer who may be one.
    borrowed: npt.NDArray[np.bool_] = ~is_fan & (chance[3] < 0.01)
    lenders = numbers[rng.integers(0, max(len(numbers), 1), len(numbers))] if len(numbers) else numbers
    return {
        "phone": where(chance[0] < 0.80, phones(world, np.where(borrowed, lenders, numbers))),
        "unionid": where(chance[1] < 0.30, union_ids(world, numbers)),
        "email": where(chance[2] < 0.35, addresses(world, numbers)),
    }
