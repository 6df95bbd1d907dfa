"""The whole map of a brand from nothing: ties, likeness, weights, bands, communities, ripples and circles.

A scale is a number of fans; each is moved by some ten others, nearly all of whom move them once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress

SCALES = (100_000, 1_000_000)
END = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 180
TIES_A_FAN = 10
MOVED_AGAIN = 0.05
SHARED_A_FAN = 2
LOOKS_A_FAN = 6
GROUP = 200
NEAR = 0.8
TAIL = 0.7
CUSTOMERS = 0.3
CONTENTS = 5_000
TOPICS = ("sourdough", "tea", "running", "cameras", "gardens", "jazz", "skin care", "travel")
CITIES = ("Shanghai", "Beijing", "Chengdu", "Shenzhen", "Hangzhou", "Xi'an", "Wuhan", "Nanjing")
MOMENT = pa.timestamp("us", tz="UTC")
HOUR = 3_600_000_000


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A brand of ``scale`` fans has its map; says how much of everything there is."""
    with opened(folder / "installation", create=True, tell=SILENT):
        from guanxi.influence import refresh
        from guanxi.influence.circles.refresh import refresh_circles, refresh_customer_likeness
        from guanxi.influence.likeness.refresh import refresh_likeness
        from guanxi.lake.engine import Engine

        with Engine() as engine:
            tell.begin("draw the brand")
            brand = Brand(scale)
            _told(engine, brand)
            _warmed()
            tell.end()
            ties = refresh.refresh_ties(engine, END, tell)
            refresh_likeness(engine, END, tell)
            weights = refresh.refresh_weights(engine, END, tell)
            communities = refresh.refresh_communities(engine, END, tell)
            circles = refresh_circles(engine, END, tell)
            refresh_customer_likeness(engine, END, brand.tiers(), tell)
        return {
            "ties": ties.ties,
            **{f"band {band}": n for band, n in sorted(weights.bands.items())},
            "communities": communities.communities,
            "largest community": communities.largest,
            "fans with a taste": circles.tastes,
            "warm prospects": circles.prospects,
            "fans with customers in reach": circles.valued,
        }


class Brand:
    """Fans in groups; a few are heard by many; what somebody shares is taken up hours later, or never."""

    def __init__(self, fans: int) -> None:
        self.rng = np.random.default_rng(1)
        self.fans = fans
        self.number = np.arange(1, fans + 1)
        self.group = (self.number - 1) // GROUP

    def engagements(self) -> Sequence[pa.Table]:
        """What was shared, what others did through it, and what was only looked at or liked."""
        return self._shares(), self._moves(), self._looks()

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Who hears whom: mostly within a group, everywhere in proportion to 1 / rank to a power."""
        heard = np.repeat(np.arange(self.fans), TIES_A_FAN)
        near = self.rng.random(len(heard)) < NEAR
        start = self.group[heard] * GROUP
        size = np.minimum(GROUP, self.fans - start)
        within = start + (self._ranks(GROUP, len(heard)) * size) // GROUP
        anywhere = self._ranks(self.fans, len(heard)) * 7919 % self.fans
        sharer = np.where(near, within, anywhere)
        key = np.unique(sharer * self.fans + heard)
        sharer, heard = np.divmod(key, self.fans)
        other = sharer != heard
        return sharer[other] + 1, heard[other] + 1

    def _ranks(self, n: int, rows: int) -> Any:
        steps = np.cumsum(1 / (np.arange(n) + 5.0) ** TAIL)
        return np.searchsorted(steps, self.rng.random(rows) * steps[-1])

    def _shares(self) -> pa.Table:
        fan = np.repeat(self.number, SHARED_A_FAN)
        which = np.tile(np.arange(SHARED_A_FAN), self.fans)
        return self._rows(fan, "shared", fan, which, self._shared_at(fan, which), through=None)

    def _moves(self) -> pa.Table:
        sharer, heard = self.pairs()
        again = self.rng.random(len(sharer)) < MOVED_AGAIN
        sharer, heard = np.concatenate([sharer, sharer[again]]), np.concatenate([heard, heard[again]])
        which = self.rng.integers(0, SHARED_A_FAN, len(sharer))
        hours = self.rng.lognormal(1.5, 1.2, len(sharer))
        at = self._shared_at(sharer, which) + (hours * HOUR).astype(np.int64)
        return self._rows(heard, "opened", sharer, which, np.minimum(at, _micros(END) - 1), through=sharer)

    def _looks(self) -> pa.Table:
        rows = self.fans * LOOKS_A_FAN
        fan, other = self.rng.integers(1, self.fans + 1, (2, rows))
        at = _micros(END) - self.rng.integers(1, DAYS * 24 * HOUR, rows)
        return self._rows(fan, "liked", other, 0, at, through=None)

    def _shared_at(self, sharer: np.ndarray, which: np.ndarray) -> Any:
        """Every share has its moment, the same whenever it is asked for."""
        step = (sharer * SHARED_A_FAN + which) * 104_729 % (DAYS * 24 * 60)
        return _micros(END) - (step + 1) * (HOUR // 60)

    def _rows(
        self, fan: Any, kind: str, sharer: Any, which: Any, at: np.ndarray, through: np.ndarray | None
    ) -> pa.Table:
        moment = pa.array(at).cast(MOMENT)
        token = pa.array(sharer * SHARED_A_FAN + which).cast(pa.string())
        return pa.table(
            {
                "fan": fan,
                "account": np.ones(len(fan), np.int32),
                "platform": _said("echo", len(fan)),
                "kind": _said(kind, len(fan)),
                # What a group shares is of its own topic, more often than not.
                "content": 1 + (self.group[sharer - 1] % 8 + 8 * (sharer * 31 + which)) % CONTENTS,
                "through": pa.nulls(len(fan), pa.int64()) if through is None else pa.array(through),
                "campaign": pa.nulls(len(fan), pa.string()),
                "reference": pa.nulls(len(fan), pa.string()) if kind == "liked" else token,
                "happened_at": moment,
                "day": moment.cast(pa.date32()),
                "recorded_at": moment,
            }
        )

    def fan(self) -> pa.Table:
        """The mirror of fans."""
        day, none = _day(END - timedelta(days=DAYS), self.fans), pa.nulls(self.fans, pa.date32())
        known = {"followed_day": day, "unfollowed_day": none, "first_day": day, "last_day": day}
        account = np.ones(self.fans, np.int32)
        return pa.table(
            {"fan": self.number, "account": account, "platform": _said("echo", self.fans)} | known
        )

    def facts(self) -> pa.Table:
        """The city of every second fan, mostly that of their group."""
        fan = self.number[self.rng.random(self.fans) < 0.5]
        strays = self.rng.random(len(fan)) < 0.3
        city = np.where(
            strays, self.rng.integers(0, len(CITIES), len(fan)), self.group[fan - 1] % len(CITIES)
        )
        said = {"name": _said("city", len(fan)), "value": pa.array(CITIES).take(pa.array(city))}
        sure = {"confidence": np.ones(len(fan)), "best": np.ones(len(fan), bool)}
        return pa.table({"fan": fan, **said, "source": _said("stated", len(fan)), **sure})

    def content(self) -> pa.Table:
        """What there is to share, each of one topic."""
        number = np.arange(1, CONTENTS + 1)
        topic = pa.array(TOPICS).take(pa.array((number - 1) % len(TOPICS)))
        plain = {"platform": _said("echo", CONTENTS), "kind": _said("post", CONTENTS), "topic": topic}
        promotes = {"promotes_product": np.zeros(CONTENTS, bool), "published_day": _day(END, CONTENTS)}
        return pa.table({"content": number, "account": np.ones(CONTENTS, np.int32), **plain, **promotes})

    def activity(self) -> pa.Table:
        """Every second fan did something lately."""
        fan = self.number[::2]
        counts = dict.fromkeys(("moved", "second", "daily", "campaign"), np.zeros(len(fan), np.int64))
        when = {"day": _day(END, len(fan)), "month": _day(END, len(fan))}
        what = {"kind": _said("liked", len(fan)), "depth": _said("light", len(fan))}
        return pa.table(
            {"fan": fan, **when, **what, "topic": _said("tea", len(fan)), "n": counts["moved"] + 1} | counts
        )

    def tiers(self) -> pa.Table:
        """The loyalty tier of one fan in eight."""
        fan = self.number[::8]
        tier = pa.array(("friend", "insider")).take(pa.array(self.group[fan - 1] % 2))
        return pa.table({"fan": fan, "trait": _said("tier", len(fan)), "value": tier})

    def customers(self) -> tuple[pa.Table, pa.Table]:
        """Links and worth: people of a group spend alike."""
        fan = self.number[self.rng.random(self.fans) < CUSTOMERS]
        taste = self.rng.normal(0, 1, self.group[-1] + 1)[self.group[fan - 1]]
        spent = np.exp(9 + taste + self.rng.normal(0, 0.6, len(fan))).astype(np.int64)
        fifth = (1 + np.searchsorted(np.quantile(spent, (0.2, 0.4, 0.6, 0.8)), spent)).astype(np.int16)
        sure = {"purpose": _said("reward", len(fan)), "probability": np.ones(len(fan))}
        link = pa.table({"fan": fan, "customer": fan, **sure, "state": _said("confirmed", len(fan))})
        ones, day = np.ones(len(fan), np.int32), _day(END, len(fan))
        counts = {
            "recency_days": ones,
            "frequency": ones,
            "monetary": spent,
            "r": fifth,
            "f": fifth,
            "m": fifth,
        }
        days = {"orders": ones, "first_day": day, "last_day": day, "second_order_days": ones}
        return link, pa.table({"customer": fan, **counts, **days})


def _told(engine: Any, brand: Brand) -> None:
    """The lake holds the brand's facts and mirrors."""
    from guanxi.correlation.tables import LINK
    from guanxi.customers.tables import RFM
    from guanxi.lake.store import Lake
    from guanxi.records.databases import SOCIAL, transaction
    from guanxi.social.tables import ACTIVITY, CONTENT, ENGAGEMENT, FAN, FAN_FACT
    from guanxi.vocabulary.ids import Side

    first = 1
    for rows in brand.engagements():
        numbered = rows.append_column("id", pa.array(np.arange(first, first + rows.num_rows)))
        first += rows.num_rows
        with transaction(SOCIAL) as connection:
            told = numbered.select(ENGAGEMENT.schema.names).cast(ENGAGEMENT.schema)
            Lake(Side.SOCIAL).append(connection, ENGAGEMENT, told)
    link, rfm = brand.customers()
    mirrors = ((FAN, brand.fan()), (FAN_FACT, brand.facts()), (CONTENT, brand.content()))
    for table, rows in (*mirrors, (ACTIVITY, brand.activity()), (LINK, link), (RFM, rfm)):
        engine.offer("mirror_offered", rows)
        engine.derive(table, "SELECT * FROM mirror_offered", END)


def _warmed() -> None:
    """The kernels are compiled or loaded."""
    from guanxi.influence.learning.rates import learn
    from guanxi.influence.weighing.weights import weigh

    one, two = np.array([1, 1]), np.array([2, 3])
    weigh(one, two, learn(one, np.array([1, 2]), np.array([3, 4])).probability)


def _said(word: str, rows: int) -> pa.Array:
    return pa.array([word]).take(pa.array(np.zeros(rows, np.int64)))


def _day(moment: datetime, rows: int) -> pa.Array:
    return pa.array([moment.date()]).take(pa.array(np.zeros(rows, np.int64)))


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1e6)
