"""An installation made ready: databases, tables and the lake's declared tables."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import guanxi
from guanxi.lake import catalog
from guanxi.lake.table import LakeTable
from guanxi.records.databases import alias_of, transaction
from guanxi.records.installation import Installation
from guanxi.records.provision import provision
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress


def declared_tables() -> Iterator[LakeTable]:
    """Every table that a room declares in its `tables.py`."""
    for room in pkgutil.iter_modules(guanxi.__path__):
        name = f"guanxi.{room.name}.tables"
        if importlib.util.find_spec(name) is not None:
            yield from (v for v in vars(import_module(name)).values() if isinstance(v, LakeTable))


def make_ready(installation: Installation, tell: Progress = SILENT) -> None:
    """Databases and lake are as this version wants them, in this folder; what was there is kept."""
    provision(installation, tell)
    tables = {(table.side, table.name): table for table in declared_tables()}
    for side in Side:
        with transaction(alias_of(side)) as connection:
            catalog.declare(connection, [table for (s, _), table in tables.items() if s is side])
            connection.execute(
                "UPDATE lake.ducklake_metadata SET value = %s WHERE key = 'data_path'",
                (f"{installation.lake_folder(side)}/",),
            )
