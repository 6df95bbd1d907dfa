"""What doors show of the map: the strongest ties with the fans at their ends placed, and what came through one fan.

Columns of numbers, never a row at a time: 100,000 ties are on the map in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.cascades.replays import Replay, replay
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.map.layout import places
from guanxi.influence.models import Ambassador
from guanxi.influence.screening.queries import screened_fans
from guanxi.influence.weighing.bands import ORDER
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import freshness
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.installation import Installation

_ROOM = "guanxi.influence"
MAP_TIES = 100_000
UNKNOWN = -1
_MADE_OF = frozenset({"tie", "weight", "community", "screened"})
_kept: dict[str, tuple[tuple[object, ...], MapView]] = {}  # at most one, under "view"


@dataclass(frozen=True)
class MapView:
    """The map in columns: fans with their places, the weightiest first; ties by place of their ends, the
    strongest first.

    Attributes:
        fan: ids.
        x: places, as is ``y``.
        weight: people they are expected to move.
        band: place in ``bands.ORDER``, or ``UNKNOWN``.
        community: numbers, or ``UNKNOWN``.
        source: place of the influencer in ``fan``.
        target: place of the influenced.
        successes: times seen.
    """

    fan: Ints
    x: Floats
    y: Floats
    weight: Floats
    band: Ints
    community: Ints
    source: Ints
    target: Ints
    successes: Ints

    @cached_property
    def moves(self) -> Ints:
        """How many ties of the map go out from each fan."""
        found: Ints = np.bincount(self.source, minlength=len(self.fan))
        return found

    @property
    def alike(self) -> float | None:
        """The share of ties that stay within one community."""
        ends = self.community[self.source], self.community[self.target]
        return float(np.mean((ends[0] == ends[1]) & (ends[0] != UNKNOWN))) if len(self.source) else None

    def communities(self) -> list[tuple[int, int]]:
        """Each community with its fans on the map, largest first."""
        numbers, sizes = np.unique(self.community[self.community != UNKNOWN], return_counts=True)
        order = np.lexsort((numbers, -sizes))
        return [(int(numbers[i]), int(sizes[i])) for i in order]

    def places_of(self, fans: Iterable[int]) -> dict[int, int]:
        """Where in the columns those of the fans stand who are on the map."""
        there = np.flatnonzero(np.isin(self.fan, np.fromiter(fans, np.int64)))
        return dict(zip(self.fan[there].tolist(), there.tolist(), strict=True))

    def place_of(self, fan: int) -> int | None:
        """Where in the columns a fan stands, or None for one who is not on the map."""
        found = np.flatnonzero(self.fan == fan)
        return int(found[0]) if len(found) else None


def map_view(actor: Actor, engine: Engine, ties: int = MAP_TIES) -> MapView:
    """The ties with most evidence and the fans at their ends, placed by community and weight.

    The last one is kept until ties, weights or communities are made anew: a page and its graph ask for the same.
    """
    require(actor, Permission.SEE_INFLUENCE)
    require(actor, Permission.SEE_SOCIAL)
    made = (
        Installation.current().folder,
        ties,
        *((one.table, one.made_at) for one in freshness() if one.table in _MADE_OF),
    )
    kept = _kept.get("view")
    if kept is None or kept[0] != made:
        kept = _kept["view"] = (made, _made(engine, max(1, min(ties, MAP_TIES))))
    return kept[1]


def _made(engine: Engine, ties: int) -> MapView:
    rows = engine.ask(sql(_ROOM, "map_ties"), rows=ties)
    ends = np.stack([_ints(rows, "influencer"), _ints(rows, "influenced")])
    ids, at = np.unique(ends, return_inverse=True)
    engine.offer("wanted", pa.table({"fan": pa.array(ids, pa.int64())}))
    known = engine.ask(sql(_ROOM, "map_fans"))
    weight = np.asarray(pc.fill_null(known["weight"], 0.0).to_numpy(), float)
    heaviest = np.lexsort((ids, -weight))
    community, band = _ints_or(known["community"])[heaviest], _bands(known["band"])[heaviest]
    rank = np.empty(len(ids), np.int64)
    rank[heaviest] = np.arange(len(ids))
    source, target = rank[at.reshape(ends.shape)]
    x, y = places(community, weight[heaviest])
    return MapView(
        ids[heaviest], x, y, weight[heaviest], band, community, source, target, _ints(rows, "successes")
    )


def standing_of(actor: Actor, engine: Engine) -> dict[int, str]:
    """The fans who were proposed, invited or are active as ambassadors, with their state; and who is ``screened``."""
    require(actor, Permission.SEE_INFLUENCE)
    return dict.fromkeys(screened_fans(engine), "screened") | dict(
        Ambassador.objects.values_list("fan", "state")
    )


def came_through(actor: Actor, engine: Engine, fan: int, until: datetime) -> Replay:
    """Who came to contents through a fan, directly or through those who did, in the order of time."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(sql(_ROOM, "fan_cascades"), fan=fan, until=until)
    moments = pc.cast(rows["happened_at"], pa.int64()).to_numpy()
    return replay(fan, _ints(rows, "content"), _ints(rows, "fan"), _ints(rows, "through"), moments)


def _ints(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].to_numpy(), np.int64)


def _ints_or(column: pa.ChunkedArray) -> Ints:
    return np.asarray(pc.fill_null(column, UNKNOWN).to_numpy(), np.int64)


def _bands(column: pa.ChunkedArray) -> Ints:
    order = pa.array([band.value for band in ORDER])
    return _ints_or(pc.index_in(column, order))
