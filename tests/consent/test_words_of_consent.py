"""What heard activities mean for consent."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from guanxi.consent.purpose import Purpose, purpose_of
from guanxi.consent.words import consents_in, follows_in
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def said(kind: str, traits: str | None) -> list[tuple[str, str, bool]]:
    rows = pa.table(
        {"ref": [21], "kind": [kind], "happened_at": [MOMENT], "traits": pa.array([traits], pa.string())}
    )
    found = consents_in(Side.CUSTOMERS, rows).to_pylist()
    assert all(row["identity"] == 43 and row["source"] == "customers" for row in found)
    return [(row["purpose"], row["channel"], row["granted"]) for row in found]


def test_a_grant_that_names_purpose_and_channel_grants_that() -> None:
    assert said("consented", '{"purpose": "sell", "channel": " WeChat "}') == [("sell", "wechat", True)]


@pytest.mark.parametrize(
    "traits",
    [None, "", "{}", "[]", "{broken", '{"purpose": "sell"}', '{"channel": "line"}', '{"purpose": 3}'],
)
def test_an_unclear_grant_grants_nothing(traits: str | None) -> None:
    assert said("consented", traits) == []


def test_an_unclear_withdrawal_is_read_widely() -> None:
    everything = [("engage", "any", False), ("sell", "any", False)]
    assert said("withdrew", None) == everything
    assert said("withdrew", '{"purpose": "spam", "channel": 7}') == everything
    assert said("withdrew", '{"purpose": "sell"}') == [("sell", "any", False)]
    assert said("withdrew", '{"channel": "line"}') == [("engage", "line", False), ("sell", "line", False)]


def test_follows_are_told_apart() -> None:
    rows = pa.table({"ref": [1, 2], "kind": ["followed", "unfollowed"], "happened_at": [MOMENT, MOMENT]})
    assert follows_in(rows.cast(schema(rows)))["follows"].to_pylist() == [True, False]


def schema(rows: pa.Table) -> pa.Schema:
    return rows.schema.set(2, pa.field("happened_at", pa.timestamp("us", tz="UTC")))


def test_an_unknown_purpose_is_refused() -> None:
    assert purpose_of("engage") is Purpose.ENGAGE
    with pytest.raises(Refused, match="purpose_unknown"):
        purpose_of("spam")
