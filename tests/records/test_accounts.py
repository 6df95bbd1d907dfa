from __future__ import annotations

import psycopg
import pytest

from guanxi.records import queries
from guanxi.records.accounts import ZONE, add_account, change_account, opened_accounts, remove_account
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, conninfo, raw
from guanxi.records.installation import Installation
from guanxi.records.sealing import seal, unseal
from guanxi.vocabulary.reasons import Refused

MARKETER = Actor(3, "mia", frozenset({Role.MARKETER}))
CANARY = "canary-7f3a9"


def add(name: str = "main", **settings: str) -> None:
    add_account(SYSTEM, "wechat", name, ZONE, {"token": CANARY, **settings})


def test_an_account_opens_with_the_settings_it_was_given(house: Installation) -> None:
    add(app_id="wx1")
    with psycopg.connect(conninfo(RELATIONSHIP)) as connection:
        (found,) = opened_accounts(connection)
    assert (found.platform, found.name, found.zone) == ("wechat", "main", ZONE)
    assert found.settings == {"token": CANARY, "app_id": "wx1"}
    assert CANARY not in repr(found)


def test_no_secret_lies_in_the_table_or_the_audit(house: Installation) -> None:
    add()
    change_account(SYSTEM, "wechat", "main", {"aes_key": CANARY})
    remove_account(SYSTEM, "wechat", "main")
    add()
    for table in ("channel_account", "audit_entry"):
        written = raw(RELATIONSHIP).execute(f"SELECT t::text FROM {table} t").fetchall()
        assert written
        assert CANARY not in str(written)
        assert CANARY.encode().hex() not in str(written)
    verbs = [entry.verb for entry in queries.audit_entries(SYSTEM, "account:wechat/main")]
    assert verbs == ["account_added", "account_removed", "account_changed", "account_added"]


def test_a_change_keeps_what_it_does_not_name_and_drops_what_it_empties(house: Installation) -> None:
    add(app_id="wx1")
    change_account(SYSTEM, "wechat", "main", {"app_id": "", "mode": "safe"}, "Europe/Paris")
    (found,) = opened_accounts()
    assert found.settings == {"token": CANARY, "mode": "safe"}
    assert found.zone == "Europe/Paris"


def test_only_who_may_change_settings_changes_an_account(house: Installation) -> None:
    add()
    for forbidden in (
        lambda: add_account(MARKETER, "wechat", "two", ZONE, {}),
        lambda: change_account(MARKETER, "wechat", "main", {}),
        lambda: remove_account(MARKETER, "wechat", "main"),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            forbidden()
    assert len(opened_accounts()) == 1


@pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "x" * 65, "a\n"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(house: Installation, name: str) -> None:
    with pytest.raises(Refused, match="account_name_unfit"):
        add(name)


def test_a_second_account_of_that_name_and_a_change_of_none_are_refused(house: Installation) -> None:
    add()
    with pytest.raises(Refused, match="account_known"):
        add()
    for missing in (
        lambda: change_account(SYSTEM, "line", "main", {}),
        lambda: remove_account(SYSTEM, "x", "y"),
    ):
        with pytest.raises(Refused, match="no_such_channel_account"):
            missing()
    with pytest.raises(Refused, match="zone_unknown"):
        change_account(SYSTEM, "wechat", "main", {}, "Mars/Olympus")


def test_what_was_sealed_for_one_place_opens_at_no_other() -> None:
    sealed = seal(b"pepper", "wechat/main", b"plain", b"n" * 12)
    assert unseal(b"pepper", "wechat/main", sealed) == b"plain"
    for pepper, place, taken in (
        (b"pepper", "wechat/other", sealed),
        (b"another", "wechat/main", sealed),
        (b"pepper", "wechat/main", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (b"pepper", "wechat/main", b""),
    ):
        with pytest.raises(Refused, match="seal_broken"):
            unseal(pepper, place, taken)
