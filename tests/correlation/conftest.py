from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest

from guanxi.correlation.tables import TABLES
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Role
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw, transaction

Keys = Callable[..., None]


@pytest.fixture
def engine(house) -> Iterator[Engine]:
    with transaction(RELATIONSHIP) as connection:
        catalog.declare(connection, TABLES)
    with Engine() as opened:
        yield opened


@pytest.fixture
def marketer() -> Actor:
    return Actor(7, "Mei", frozenset({Role.MARKETER}))


@pytest.fixture
def agency() -> Actor:
    return Actor(8, "Outside", frozenset({Role.AGENCY}))


def key_of(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


@pytest.fixture
def fan_keys(house) -> Keys:
    """Fans hold keys: each (fan, kind, value); a fan lives on the account given, 1 unless said."""
    return lambda *rows, account=1: _hold(SOCIAL, "fan", "external_id", rows, account)


@pytest.fixture
def customer_keys(house) -> Keys:
    """Customers hold keys: each (customer, kind, value)."""
    return lambda *rows, account=1: _hold(CUSTOMERS, "customer", "number", rows, account)


def _hold(alias: str, table: str, number: str, rows, account: int) -> None:
    connection = raw(alias)
    connection.execute(
        "INSERT INTO account (id, platform, name) OVERRIDING SYSTEM VALUE VALUES (%s, 'echo', %s) "
        "ON CONFLICT DO NOTHING",
        (account, f"a{account}"),
    )
    for ref, kind, value in rows:
        connection.execute(
            f"INSERT INTO {table} (id, account_id, key, {number}) OVERRIDING SYSTEM VALUE "
            "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (ref, account, key_of(f"{table}{ref}"), str(ref)),
        )
        if kind:
            connection.execute(
                "INSERT INTO contact_key (ref, kind, key) VALUES (%s, %s, %s)", (ref, kind, key_of(value))
            )
