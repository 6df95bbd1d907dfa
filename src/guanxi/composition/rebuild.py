"""Makes every derived table anew from records and facts, and says which come out different."""

from __future__ import annotations

from guanxi.composition.house import declared_tables
from guanxi.composition.round import refresh_all
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.lake.table import LakeTable
from guanxi.records.databases import alias_of, raw, transaction
from guanxi.vocabulary.ids import Side

_MODELLED = {"community"}


def differing_tables() -> tuple[list[str], int]:
    """The derived tables whose exact columns differ from their rebuild, and how many were compared.

    Model columns (floating point) and model tables (communities) are not exact and not compared.
    """
    tables = {(t.side, t.name): t for t in declared_tables() if t.derived and t.name not in _MODELLED}
    row = raw(alias_of(Side.SOCIAL)).execute("SELECT max(as_of) FROM lake.provenance").fetchone()
    if row is None or row[0] is None:
        return [], 0
    with Engine() as engine:
        refresh_all(engine, row[0])
        before = {key: _fingerprint(engine, table) for key, table in tables.items()}
        for side, name in (
            ("social", "fan"),
            ("social", "fan_fact"),
            ("social", "content"),
            ("customers", "customer"),
        ):
            with transaction(side) as connection:
                catalog.swap(connection, name, [], None)
        refresh_all(engine, row[0])
        after = {key: _fingerprint(engine, table) for key, table in tables.items()}
    return [f"{s.value}.{n}" for (s, n), seen in before.items() if after[s, n] != seen], len(tables)


def _fingerprint(engine: Engine, table: LakeTable) -> tuple[int, int]:
    exact = [f'"{name}"' for name, kind, _ in table.columns() if not kind.startswith("float")]
    row = engine.ask(
        f"SELECT count(*) AS n, coalesce(sum(CAST(hash({', '.join(exact)}) AS HUGEINT)), 0) AS h "  # noqa: S608
        f"FROM {table.side.value}.{table.name}"
    ).to_pylist()[0]
    return int(row["n"]), int(row["h"])
