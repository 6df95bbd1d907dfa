"""Writes a world as the export files of its sources, each with the mapping by which a user would import it.

Block by block, so memory stays the same from a thousand fans to ten million. The truth is written beside, in
files that no import reads.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.world.brand import ACCOUNTS, World, micros
from guanxi.world.buyers import Buyers, buyers, history_orders
from guanxi.world.content import published
from guanxi.world.doing import doings, followings
from guanxi.world.effects import effect_columns, effects
from guanxi.world.events import Events
from guanxi.world.evidence import customer_numbers, persons
from guanxi.world.export import (
    customer_consents,
    customer_rows,
    engagement_rows,
    fan_consents,
    fan_rows,
    order_rows,
)
from guanxi.world.people import Flags, People, identifiers, people
from guanxi.world.text import Ints, picked
from guanxi.world.ties import Ties, ties
from guanxi.world.words import CITIES, TOPICS

SOURCES = ("content", "fans", "customers", "consents", "orders", "engagements")
"""In the order in which they should be imported."""
_LATE = 0.002
_SILENT = ("channel", "account", "openid", "content_id", "time_ms")


@dataclass(frozen=True)
class Import:
    """The files of one source, with their mapping."""

    source: str
    mapping: Path
    files: tuple[Path, ...]
    rows: int


@dataclass(frozen=True)
class Written:
    """What lies in ``folder``: what to import, in this order, and the truth beside it."""

    folder: Path
    imports: tuple[Import, ...]
    truth: Path


class Shelf:
    """Open Parquet files of a folder, each written a block at a time; empty blocks leave no file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "truth").mkdir(exist_ok=True)
        self._open: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}

    def put(self, name: str, rows: pa.Table) -> None:
        """The rows follow those that ``name`` (without suffix) already has."""
        if not len(rows):
            return
        if name not in self._open:
            path = self.folder / f"{name}.parquet"
            # Without Arrow's own schema beside it the file is what any other program would write.
            self._open[name] = pq.ParquetWriter(path, rows.schema, compression="zstd", store_schema=False)
        self._open[name].write_table(rows)
        self._rows[name] = self._rows.get(name, 0) + len(rows)

    def close(self, name: str | None = None) -> None:
        """The file is complete; without a name, all of them are."""
        for one in [name] if name else list(self._open):
            if one in self._open:
                self._open.pop(one).close()

    def written(self) -> Written:
        """What is now in the folder, with a mapping beside each source that has rows."""
        imports = []
        for source in SOURCES:
            names = sorted(name for name in self._rows if name.split("-")[0] == source)
            if not names:
                continue
            mapping = self.folder / f"{source}.toml"
            shipped = resources.files("guanxi.world") / "mappings" / f"{source}.toml"
            mapping.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
            files = tuple(self.folder / f"{name}.parquet" for name in names)
            imports.append(Import(source, mapping, files, sum(self._rows[name] for name in names)))
        return Written(self.folder, tuple(imports), self.folder / "truth")


def write(world: World, folder: Path, tell: Progress = SILENT) -> Written:
    """The world's whole history lies in ``folder``, the same bytes of meaning for the same world."""
    tell.begin("world", world.fans)
    with ExitStack() as stack:
        shelf = Shelf(folder)
        stack.callback(shelf.close)
        shelf.put("content", published(world, micros(world.begin), micros(world.end)))
        for block in range(world.blocks):
            _write_block(world, shelf, block)
            tell.advance(world.size(block))
    tell.end()
    return shelf.written()


def _write_block(world: World, shelf: Shelf, block: int) -> None:
    fans = people(world, block)
    ids, customers, bonds = identifiers(world, fans), buyers(world, fans), ties(world, fans)
    shelf.put("fans", fan_rows(world, fans, ids))
    shelf.put("customers", customer_rows(world, fans, customers))
    shelf.put(
        "consents", pa.concat_tables([fan_consents(world, fans, ids), customer_consents(world, customers)])
    )
    shelf.put("orders", order_rows(world, fans, ids, customers, history_orders(world, fans, customers)))
    window = micros(world.begin), micros(world.end)
    events, shared = doings(world, fans, bonds, window, window[1], 0)
    events = events.taken(_as_heard(world, block, events))
    shelf.put(f"engagements-{block:05d}", engagement_rows(world, fans, ids, events, block << 24))
    shelf.close(f"engagements-{block:05d}")
    _write_truth(world, shelf, fans, ids, customers, bonds, shared)
    silent = followings(world, fans, bonds, events, window[1], 0)
    shelf.put("truth/silent", engagement_rows(world, fans, ids, silent, 0).select(_SILENT))


def _as_heard(world: World, block: int, events: Events) -> Ints:
    """In order of time, but for a handful that come late."""
    rng = world.rng("late", block)
    late = rng.random(len(events)) < _LATE
    heard = events.moment + np.where(late, rng.integers(0, 3 * 86_400_000_000, len(events)), 0)
    return np.argsort(heard, kind="stable")


def _write_truth(
    world: World, shelf: Shelf, fans: People, ids: pa.Array, customers: Buyers, bonds: Ties, shared: Flags
) -> None:
    place = {
        "platform": picked(tuple(account.platform for account in ACCOUNTS), fans.account),
        "account": picked(tuple(account.name for account in ACCOUNTS), fans.account),
    }
    fan = pa.table(place | {"fan": ids})
    shown = np.flatnonzero(shared[bonds.influencer])
    tie = pa.table(place).take(bonds.influencer[shown])
    for name, who in (("influencer", bonds.influencer), ("influenced", bonds.influenced)):
        tie = tie.append_column(name, ids.take(pa.array(who[shown])))
    shelf.put("truth/ties", tie.append_column("probability", pa.array(bonds.probability[shown])))
    buying = np.flatnonzero(fans.buys & np.isin(fans.owner, customers.slot[customers.is_fan]))
    numbers = customer_numbers(world, persons(fans.block, fans.owner[buying]))
    shelf.put("truth/pairs", fan.take(buying).append_column("customer", numbers))
    cheats = np.flatnonzero(~fans.honest)
    named = np.where(fans.farm[cheats] >= 0, fans.block * 10_000 + fans.farm[cheats], -1)
    kinds = picked(("bot", "farm"), (fans.farm[cheats] >= 0).astype(np.int64))
    shelf.put(
        "truth/farms", fan.take(cheats).append_column("farm", pa.array(named)).append_column("kind", kinds)
    )
    planted = effect_columns(effects(world, fans))
    shelf.put("truth/effects", pa.table(place | {"fan": ids} | planted))
    shelf.put("truth/people", pa.table(place | {"fan": ids} | _lives(world, fans)))


def _lives(world: World, fans: People) -> dict[str, pa.Array]:
    """What the brand never sees: how many people, brands and groups each fan has, and what it truly likes."""
    rng, size = world.rng("lives", fans.block), len(fans.account)
    contacts = rng.lognormal(np.log(world.contacts) - 0.5, 1.0, size)
    return {
        "person": pa.array(persons(fans.block, fans.owner)),
        "contacts": pa.array(contacts.astype(np.int64) + 1),
        "talked_with": pa.array(rng.poisson(rng.gamma(4.0, world.talked_with / 4.0, size))),
        "brands_followed": pa.array(1 + rng.poisson(world.brands_followed - 1, size)),
        "groups": pa.array(rng.integers(5, 11, size)),
        "city": picked(CITIES, fans.city),
        "standing": pa.array(fans.standing),
        "taste": picked(TOPICS, fans.taste),
        "charisma": pa.array(fans.charisma),
    }
