"""Makes the estimate of influence's likeness, for the brand and for each platform, from ties and engagements."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.kernels.graph import Bools, Floats, Ints
from guanxi.influence.likeness.matched import Crowd, Doings, Exposures, Followed, Likeness, followed, likeness
from guanxi.influence.likeness.second_opinions import Timed, second_opinion, timed
from guanxi.influence.tables import LIKENESS
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.vocabulary.progress import SILENT, Progress

FANS_MAX = 50_000
EVERYWHERE = ""

_ROOM = "guanxi.influence"
_DAY = 86_400_000_000.0
_CONTENTS = "SELECT content, account, COALESCE(topic, '') AS topic FROM social.content ORDER BY content"
_MOVED = "SELECT COUNT(DISTINCT influenced) AS fans FROM social.tie"
_PLATFORMS = "SELECT fan, platform FROM social.fan WHERE MOD(fan, $every) = 0 ORDER BY fan"


@dataclass(frozen=True)
class _Found:
    """What all three ways of asking found, by fan."""

    forward: Followed
    turned: Followed
    when: Timed

    def part(self, fans: Bools) -> _Found:
        return _Found(self.forward.part(fans), self.turned.part(fans), self.when.part(fans))

    def row(self, platform: str, whole: Likeness) -> dict[str, object]:
        second = second_opinion(self.when, self.forward, self.turned)
        return {"platform": platform, **asdict(whole), **asdict(second)}


def refresh_likeness(engine: Engine, as_of: datetime, tell: Progress = SILENT) -> Likeness | None:
    """For all platforms together and each, how much of what followed shares up to ``as_of`` would have come anyway.

    Asks of at most some ten thousand fans, evenly spread. None where nothing was ever shared among fans.
    """
    tell.begin("likeness")
    moved = engine.ask(_MOVED)["fans"][0].as_py()
    every = max(1, -(-moved // FANS_MAX))
    fans = engine.ask(_PLATFORMS, every=every)
    found = _asked(engine, as_of, every, _ints(fans["fan"]))
    rows: list[dict[str, object]] = []
    whole = None
    if found is not None:
        whole = likeness(found.forward)
        rows.append(found.row(EVERYWHERE, whole))
        for platform in sorted(set(fans["platform"].to_pylist())):
            there = np.asarray(pc.equal(fans["platform"], platform).to_numpy(zero_copy_only=False), bool)
            part = found.part(there)
            rows.append(part.row(platform, likeness(part.forward)))
    engine.offer("likeness_offered", pa.Table.from_pylist(rows, LIKENESS.schema))
    engine.derive(LIKENESS, "SELECT * FROM likeness_offered", as_of)
    tell.end()
    return whole


def _asked(engine: Engine, as_of: datetime, every: int, fans: Ints) -> _Found | None:
    known = {"until": as_of, "every": every}
    contents = engine.ask(_CONTENTS)
    told = engine.ask(sql(_ROOM, "likeness_exposures"), **known, turned=False)
    crowd_rows = engine.ask(sql(_ROOM, "likeness_crowd"), until=as_of)
    if not (told.num_rows and crowd_rows.num_rows and len(fans)):
        return None
    days = crowd_rows["day"].cast(pa.int32()).to_numpy()
    first = int(days.min())
    ids = _ints(contents["content"])
    crowd = _crowd(contents, _places(ids, crowd_rows["content"]), days - first, _ints(crowd_rows["fans"]))
    done = engine.ask(sql(_ROOM, "likeness_doings"), **known)
    since = engine.ask(sql(_ROOM, "likeness_stays"), every=every)["since"].cast(pa.int32()).fill_null(first)
    doings = Doings(
        _places(fans, done["fan"]),
        _places(ids, done["content"]),
        _moments(done["did_at"], first),
        np.maximum(since.to_numpy() - first, 0).astype(np.float64),
    )
    exposures = _exposures(told, fans, ids, first)
    around = engine.ask(sql(_ROOM, "likeness_exposures"), **known, turned=True)
    turned = _exposures(around, fans, ids, first)
    return _Found(
        followed(crowd, exposures, doings),
        followed(crowd, turned, doings),
        timed(crowd, exposures, doings),
    )


def _exposures(told: pa.Table, fans: Ints, ids: Ints, first: int) -> Exposures:
    return Exposures(
        _places(fans, told["fan"]),
        _places(ids, told["content"]),
        _moments(told["shared_at"], first),
        _moments(told["did_at"], first),
        np.asarray(told["named"].to_numpy(), bool),
    )


def _crowd(contents: pa.Table, content: Ints, day: Ints, fans: Ints) -> Crowd:
    names = pc.binary_join_element_wise(contents["account"].cast(pa.string()), contents["topic"], "|")
    words = names.combine_chunks().dictionary_encode()
    topic = _ints(words.indices)
    by_day = np.zeros((len(topic), int(day.max()) + 2))
    np.add.at(by_day, (content, day + 1), fans)
    by_topic = np.zeros((len(words.dictionary), by_day.shape[1]))
    np.add.at(by_topic, topic, by_day)
    return Crowd(np.cumsum(by_day, axis=1), topic, np.cumsum(by_topic, axis=1))


def _places(ids: Ints, column: pa.ChunkedArray) -> Ints:
    places: Ints = np.searchsorted(ids, _ints(column)).astype(np.int64)
    return places


def _moments(column: pa.ChunkedArray, first: int) -> Floats:
    """Days since the first, NaN where there is no moment."""
    micros = column.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy()
    return np.asarray(micros / _DAY - first, np.float64)


def _ints(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.to_numpy(), np.int64)
