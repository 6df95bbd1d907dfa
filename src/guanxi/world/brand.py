"""What a simulated world is a function of: its size, its seed, its time, and the brand's accounts.

Everything else is drawn from (seed, purpose, block, day), so any part can be made again without the rest.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

BLOCK = 1 << 16
DAY = 86_400_000_000
"""A day in microseconds, the unit of every time inside the world."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """One of the brand's accounts: how many of the fans it has, where they live, what they do there.

    ``habits`` are the shares of click, read, like, comment, reply, mention, message, answer, attend.
    """

    platform: str
    name: str
    spoken: str
    share: float
    cities: tuple[int, ...]
    habits: tuple[float, ...]
    formats: tuple[str, ...]


ACCOUNTS = (
    Account("wechat", "qinghe-service", "微信服务号", 0.30, (0, 1, 2, 3, 4, 5, 6, 7),
            (0.22, 0.38, 0.10, 0.06, 0.00, 0.00, 0.18, 0.03, 0.03), ("article", "mini_program", "event")),
    Account("wechat", "qinghe-daily", "微信订阅号", 0.15, (0, 1, 2, 3, 4, 5, 6, 7),
            (0.14, 0.52, 0.18, 0.10, 0.00, 0.00, 0.05, 0.01, 0.00), ("article",)),
    Account("weibo", "qinghe", "新浪微博", 0.25, (0, 1, 2, 3, 4, 5, 6, 7),
            (0.12, 0.18, 0.40, 0.14, 0.06, 0.08, 0.01, 0.01, 0.00), ("post", "video")),
    Account("line", "qinghe_tw", "LINE", 0.12, (8, 9, 10),
            (0.34, 0.26, 0.08, 0.00, 0.02, 0.00, 0.24, 0.04, 0.02), ("card", "video")),
    Account("whatsapp", "qinghe_sg", "WhatsApp", 0.08, (11, 12, 13),
            (0.30, 0.20, 0.04, 0.00, 0.14, 0.00, 0.28, 0.04, 0.00), ("card",)),
    Account("x", "qinghe_tea", "X", 0.10, (9, 11, 13, 14),
            (0.16, 0.22, 0.36, 0.00, 0.14, 0.12, 0.00, 0.00, 0.00), ("post", "video")),
)  # fmt: skip
SHOP = "qinghe-shop"


@dataclass(frozen=True)
class World:
    """A brand world: ``fans`` identities on the brand's accounts, ``days`` of history that stop at ``end``.

    The defaults are the field article's: 500 contacts a person, 20 of them talked with daily, 10 brands
    followed. Of 100 fans 12 buy, and as many people buy who are no fans. ``silent`` times a tie's probability a
    share also makes its listener read the piece with no mark of whose share it was: what is left of reading after a
    share is likeness, taste and timing.
    """

    fans: int
    seed: int
    end: datetime
    days: int = 180
    brand: str = "青禾茶"
    contacts: int = 500
    talked_with: int = 20
    brands_followed: int = 10
    engagements: float = 10.0
    buying: float = 0.12
    silent: float = 0.0

    def __post_init__(self) -> None:
        if self.fans < 1 or self.days < 1 or self.seed < 0 or self.silent < 0:
            raise Refused("world_wrong", f"fans {self.fans}, days {self.days}, seed {self.seed}")
        object.__setattr__(self, "end", aware(self.end))

    @property
    def begin(self) -> datetime:
        """The first moment of the history."""
        return self.end - timedelta(days=self.days)

    @property
    def blocks(self) -> int:
        """How many blocks of fans there are."""
        return -(-self.fans // BLOCK)

    def size(self, block: int) -> int:
        """How many fans ``block`` has."""
        return min(BLOCK, self.fans - block * BLOCK)

    def rng(self, purpose: str, block: int = 0, day: int = 0) -> np.random.Generator:
        """The chance that belongs to one purpose in one block on one day, and to nothing else."""
        entropy = [self.seed, zlib.crc32(purpose.encode()), block, day]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)
