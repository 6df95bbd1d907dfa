"""Makes every derived table anew from records and facts, and says which come out different.

Compared are three states as of one moment: as found, as refreshed by key, and as made from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from guanxi.composition.house import declared_tables
from guanxi.composition.locks import refresh_lock
from guanxi.composition.round import refresh_all
from guanxi.lake.engine import Engine
from guanxi.lake.table import LakeTable
from guanxi.records.databases import CUSTOMERS, SOCIAL, alias_of, raw
from guanxi.vocabulary.ids import Side

_MODELLED = {"community"}
_TRIES = 3
_CHANGES = {Side.SOCIAL: "fan_change", Side.CUSTOMERS: "customer_change"}

# The last swap of each table: from what, and whether anything was digested since.
_UNTOUCHED = """
SELECT t.table_name FROM lake.ducklake_table t JOIN lake.provenance p ON p.table_id = t.table_id
WHERE t.end_snapshot IS NULL AND p.as_of = %s AND p.code_version = %s
AND p.snapshot_id = (SELECT max(snapshot_id) FROM lake.provenance l WHERE l.table_id = t.table_id)
AND p.made_at > (SELECT coalesce(max(moved_at), '-infinity') FROM consumer_cursor)
"""

Key = tuple[Side, str]
Prints = dict[Key, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which derived tables are not what their inputs make them, and how many were compared."""

    differing: tuple[str, ...]
    compared: int


def compare_with_rebuild() -> Comparison:
    """Every derived table was made anew, and differences in exact columns are told.

    Model columns (floating point) and model tables (communities) are not exact and not compared.
    """
    row = raw(SOCIAL).execute("SELECT max(as_of) FROM lake.provenance").fetchone()
    tables = {(t.side, t.name): t for t in declared_tables() if t.derived and t.name not in _MODELLED}
    if row is None or row[0] is None:
        return Comparison((), 0)
    with refresh_lock(), Engine() as engine:
        for _ in range(_TRIES):
            before = _digested()
            differing = _differing(engine, tables, row[0])
            if before == _digested():  # else news came in between, and any difference may be its doing
                break
    return Comparison(tuple(sorted(f"{side.value}.{name}" for side, name in differing)), len(tables))


def _differing(engine: Engine, tables: dict[Key, LakeTable], as_of: datetime) -> set[Key]:
    untouched = _untouched(as_of)
    found = _prints(engine, tables)
    refresh_all(engine, as_of)
    by_key = _prints(engine, tables)
    refresh_all(engine, as_of, whole=True)
    anew = _prints(engine, tables)
    changed = {key for key in untouched & set(found) if found[key] != anew[key]}
    return changed | {key for key in tables if by_key[key] != anew[key]}


def _untouched(as_of: datetime) -> set[Key]:
    """The tables of people of which nothing that they are made from has changed since they were made."""
    found: set[Key] = set()
    for side, changes in _CHANGES.items():
        waiting = raw(side.value).execute(f"SELECT 1 FROM {changes} LIMIT 1").fetchone()  # noqa: S608
        if waiting is None:
            rows = raw(alias_of(side)).execute(_UNTOUCHED, (as_of, version("guanxi")))
            found |= {(side, name) for (name,) in rows}
    return found


def _digested() -> list[int]:
    question = "SELECT coalesce(sum(activities), 0)::bigint FROM consumer_cursor"
    return [row[0] for alias in (SOCIAL, CUSTOMERS) for row in raw(alias).execute(question)]


def _prints(engine: Engine, tables: dict[Key, LakeTable]) -> Prints:
    return {key: _print(engine, table) for key, table in tables.items()}


def _print(engine: Engine, table: LakeTable) -> tuple[int, int]:
    exact = [f'"{name}"' for name, kind, _ in table.columns() if not kind.startswith("float")]
    row = engine.ask(
        f"SELECT count(*) AS n, coalesce(sum(CAST(hash({', '.join(exact)}) AS HUGEINT)), 0) AS h "  # noqa: S608
        f"FROM {table.side.value}.{table.name}"
    ).to_pylist()[0]
    return int(row["n"]), int(row["h"])
