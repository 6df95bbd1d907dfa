"""An account that platforms push to is changed whole or not at all, its relay's count with it."""

from __future__ import annotations

import pytest

from guanxi.listen.hooks.actions_accounts import change_hooked_account
from guanxi.records.accounts import add_account, opened_accounts
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused
from wechat_pushes import KEY

OLD, NEW = "https://old.example/h", "https://new.example/h"
MARKETER = Actor(2, "Wang", frozenset({Role.MARKETER}))


@pytest.fixture
def failing(house: Installation) -> Installation:
    """An account that passes on to an address at which everything fails, and another account's that fails too."""
    add_account(
        SYSTEM, "wechat", "main", "UTC", {"token": "t", "app_id": "wx1", "aes_key": KEY, "relay_to": OLD}
    )
    for source in ("wechat:main", "wechat:other"):
        raw(RELATIONSHIP).execute(
            "INSERT INTO relay_state (source, passed, failed, last_failed_at, last_failure, failing_since) "
            "VALUES (%s, 5, 3, now(), 'relay_late', now())",
            (source,),
        )
    return house


def fails() -> set[str]:
    rows = raw(RELATIONSHIP).execute("SELECT source FROM relay_state WHERE failing_since IS NOT NULL")
    return {source for (source,) in rows}


def relay_to() -> str:
    (account,) = opened_accounts()
    return account.settings.get("relay_to", "")


@pytest.mark.parametrize(
    ("told", "still"), [({"relay_to": NEW}, False), ({"relay_to": ""}, False), ({"token": "u"}, True)]
)
def test_only_another_address_ends_the_alarm_of_the_one_before(
    failing: Installation, told: dict[str, str], still: bool
) -> None:
    change_hooked_account(SYSTEM, "wechat", "main", told)
    assert fails() == {"wechat:other", *(["wechat:main"] if still else [])}
    assert relay_to() == told.get("relay_to", OLD)
    counted = raw(RELATIONSHIP).execute("SELECT passed, failed FROM relay_state WHERE source = 'wechat:main'")
    assert counted.fetchall() == [(5, 3)]


@pytest.mark.parametrize(
    ("told", "zone", "code"),
    [
        ({"relay_to": NEW}, "Mars", "zone_unknown"),
        ({"relay_to": "ftp://x"}, None, "address_unfit"),
        ({"token": "", "relay_to": NEW}, None, "setting_missing"),
    ],
)
def test_what_is_refused_changes_neither_the_account_nor_its_count(
    failing: Installation, told: dict[str, str], zone: str | None, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        change_hooked_account(SYSTEM, "wechat", "main", told, zone)
    assert (relay_to(), fails()) == (OLD, {"wechat:main", "wechat:other"})


def test_whoever_may_not_change_settings_changes_no_account(failing: Installation) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        change_hooked_account(MARKETER, "wechat", "main", {"relay_to": ""})
    with pytest.raises(Refused, match="no_such_channel_account"):
        change_hooked_account(SYSTEM, "wechat", "nobody", {"relay_to": ""})
