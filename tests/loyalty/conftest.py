from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from guanxi.correlation import tables as correlation_tables
from guanxi.customers import tables as customers_tables
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.loyalty import tables as loyalty_tables
from guanxi.records.actor import Actor, Role
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, alias_of, transaction
from guanxi.social import tables as social_tables


@pytest.fixture
def engine(house) -> Iterator[Engine]:
    declared = {
        SOCIAL: social_tables.TABLES,
        CUSTOMERS: customers_tables.TABLES,
        RELATIONSHIP: (*correlation_tables.TABLES, *loyalty_tables.TABLES),
    }
    for alias, tables in declared.items():
        with transaction(alias) as connection:
            catalog.declare(connection, tables)
    with Engine() as opened:
        yield opened


@pytest.fixture
def marketer() -> Actor:
    return Actor(7, "Mei", frozenset({Role.MARKETER}))


@pytest.fixture
def agency() -> Actor:
    return Actor(8, "Outside", frozenset({Role.AGENCY}))


def append(table: LakeTable, *rows: dict[str, object]) -> None:
    filled = [{field.name: row.get(field.name) for field in table.schema} for row in rows]
    alias = alias_of(table.side)
    with transaction(alias) as connection:
        Lake(table.side).append(connection, table, pa.Table.from_pylist(filled, table.schema))


def act(id_: int, fan: int, kind: str, happened_at: datetime, platform: str = "web") -> dict[str, object]:
    return {
        **{"id": id_, "fan": fan, "account": 1, "platform": platform, "kind": kind},
        **{"happened_at": happened_at, "day": happened_at.date(), "recorded_at": happened_at},
    }


def order(
    id_: int,
    customer: int,
    amount: int,
    happened_at: datetime,
    reference: str | None = None,
    currency: str = "CNY",
) -> dict[str, object]:
    return {
        **{"id": id_, "customer": customer, "account": 1, "kind": "ordered" if amount > 0 else "refunded"},
        **{"reference": reference, "amount": amount, "currency": currency},
        **{"happened_at": happened_at, "day": happened_at.astimezone(UTC).date(), "recorded_at": happened_at},
    }
