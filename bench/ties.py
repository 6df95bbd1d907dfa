"""Ties of so many activities: made from nothing, then one more day added, beside making all from nothing again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress

SCALES = (1_000_000, 10_000_000)
END = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 180
DAY_ROWS = 100_000
FANS_PER_ACTIVITY = 0.1
LISTENERS = 8
KINDS = ("viewed", "liked", "clicked", "shared", "reshared", "opened")
MOMENT = pa.timestamp("us", tz="UTC")


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A brand of ``scale`` activities has its ties, and one day of 100,000 more; counts and chances compared."""
    with opened(folder / "installation", create=True, tell=SILENT):
        from guanxi.influence.refresh import refresh_ties
        from guanxi.lake.engine import Engine

        tell.begin("draw the activities")
        people = _People(scale)
        _told(people.history(scale))
        tell.end()
        _warmed()
        with Engine() as engine:
            tell.begin("ties from nothing")
            report = refresh_ties(engine, END, SILENT)
            tell.end()
            _told(people.day(scale))
            tell.begin("one more day")
            added = refresh_ties(engine, END + timedelta(days=1), _Parts(tell))
            tell.end()
            by_day = _rows(engine)
            tell.begin("the same from nothing again")
            refresh_ties(engine, END + timedelta(days=1), SILENT, whole=True)
            tell.end()
            anew = _rows(engine)
        return {
            "ties": report.ties,
            "ties a day later": added.ties,
            "day was added, not made anew": int(not added.evidence_anew),
            "chances looked at again": int(added.chances_anew),
            **_compared(by_day, anew),
        }


class _Parts:
    """Tells the parts of the day by their names, within it."""

    def __init__(self, tell: Progress) -> None:
        self.tell = tell

    def begin(self, step: str, total: int | None = None) -> None:
        self.tell.begin(f"of it {step}", total)

    def advance(self, n: int = 1) -> None:
        self.tell.advance(n)

    def end(self) -> None:
        self.tell.end()


class _People:
    """Fans who listen to eight others each on average; a few are heard by many; one act in six is an opening."""

    def __init__(self, scale: int) -> None:
        self.rng = np.random.default_rng(1)
        self.fans = max(1000, int(scale * FANS_PER_ACTIVITY))
        # Listeners of one another by a heavy tail: fan i is heard in proportion to 1 / (i + 10).
        self.weight = np.cumsum(1 / (np.arange(self.fans) + 10.0) ** 0.8)
        self.contents = 5_000
        self.sharer = self._sharers(self.fans * LISTENERS)
        self.listener = self.rng.integers(0, self.fans, len(self.sharer))

    def history(self, rows: int) -> pa.Table:
        return self._rows(rows, 1, END - timedelta(days=DAYS), timedelta(days=DAYS))

    def day(self, rows: int) -> pa.Table:
        return self._rows(DAY_ROWS, rows + 1, END, timedelta(days=1))

    def _sharers(self, rows: int) -> np.ndarray:
        return np.searchsorted(self.weight, self.rng.random(rows) * self.weight[-1])

    def _rows(self, rows: int, first: int, begin: datetime, span: timedelta) -> pa.Table:
        rng = self.rng
        kind = rng.choice(len(KINDS), rows, p=(0.4, 0.2, 0.15, 0.07, 0.02, 0.16))
        fan = rng.integers(0, self.fans, rows)
        sharing = (kind == 3) | (kind == 4)
        fan[sharing] = self._sharers(int(sharing.sum()))
        pair = rng.integers(0, len(self.sharer), rows)
        moved = kind >= 4
        fan[moved] = self.listener[pair[moved]]
        at = np.sort(rng.random(rows)) * (span / timedelta(microseconds=1))
        moment = pa.array(at.astype(np.int64) + int(begin.timestamp() * 1e6)).cast(MOMENT)
        token = pa.array(rng.integers(0, rows, rows)).cast(pa.string())
        return pa.table(
            {
                "id": np.arange(first, first + rows),
                "fan": fan,
                "account": np.ones(rows, np.int32),
                "platform": pa.array(["echo"]).take(pa.array(np.zeros(rows, np.int64))),
                "kind": pa.array(KINDS).take(pa.array(kind)),
                "content": rng.integers(0, self.contents, rows),
                "through": pa.array(self.sharer[pair], mask=~moved),
                "campaign": pa.nulls(rows, pa.string()),
                "reference": pa.compute.if_else(pa.array(kind >= 3), token, None),
                "happened_at": moment,
                "day": moment.cast(pa.date32()),
                "recorded_at": moment,
            }
        )


def _told(rows: pa.Table) -> None:
    from guanxi.lake.store import Lake
    from guanxi.records.databases import SOCIAL, transaction
    from guanxi.social.tables import ENGAGEMENT
    from guanxi.vocabulary.ids import Side

    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).append(connection, ENGAGEMENT, rows.cast(ENGAGEMENT.schema))


def _warmed() -> None:
    """The kernels are compiled or loaded."""
    from guanxi.influence.learning.rates import learn

    learn(np.array([1, 1]), np.array([1, 2]), np.array([3, 4]))


def _rows(engine: object) -> pa.Table:
    return engine.ask("SELECT * FROM social.tie ORDER BY influencer, influenced")  # type: ignore[attr-defined]


def _compared(one: pa.Table, other: pa.Table) -> dict[str, int]:
    """In how many rows anything differs, and how far apart a chance or an end of its interval is at most."""
    if one.num_rows != other.num_rows:
        return {"rows that differ": abs(one.num_rows - other.num_rows)}
    same, apart = np.ones(one.num_rows, bool), 0.0
    for name in one.column_names:
        same &= pa.compute.equal(one[name], other[name]).to_numpy(zero_copy_only=False)
        if name in ("probability", "low", "high"):
            apart = max(apart, float(np.abs(one[name].to_numpy() - other[name].to_numpy()).max()))
    return {"rows that differ": int((~same).sum()), "chances apart in trillionths": round(apart * 1e12)}
