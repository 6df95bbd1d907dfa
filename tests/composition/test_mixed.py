from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from guanxi.composition.consumers import consumers, hear
from guanxi.listen.accept import accept
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA, Kind


@pytest.fixture(autouse=True)
def fresh(house: Installation) -> Iterator[None]:
    consumers.cache_clear()
    yield
    consumers.cache_clear()


def word(number: int, kind: Kind, platform: str, actor: str) -> dict[str, object]:
    return {
        **{"key": number.to_bytes(16, "big"), "kind": kind.value, "platform": platform, "account": "main"},
        "actor": actor,
        "happened_at": datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=number),
        "traits": '{"purpose": "engage", "channel": "wechat"}',
    }


def names(alias: str, table: str, column: str) -> set[str]:
    return {name for (name,) in raw(alias).execute(f"SELECT {column} FROM {table}")}


def test_a_mixed_source_tells_each_side_of_its_own_people_only() -> None:
    rows = [
        word(1, Kind.CONSENTED, "wechat", "fan"),
        word(2, Kind.CONSENTED, "shop", "buyer"),
        word(3, Kind.WITHDREW, "line", "other-fan"),
        word(4, Kind.LIKED, "wechat", "fan"),
    ]
    with transaction(CUSTOMERS) as connection:
        accept(connection, "mixed", pa.Table.from_pylist(rows, schema=ACTIVITY_SCHEMA))
    hear()
    assert names(CUSTOMERS, "customer", "number") == {"buyer"}
    assert names(SOCIAL, "fan", "external_id") == {"fan", "other-fan"}
    sides = raw(RELATIONSHIP).execute("SELECT identity % 2, granted FROM consent ORDER BY 1, 2").fetchall()
    assert sides == [(0, False), (0, True), (1, True)]
