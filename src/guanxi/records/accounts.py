"""The brand's accounts on platforms: where fans are met and messages leave, with settings that lie sealed.

All of an account's settings are sealed, secret or not; no audit entry and no refusal names a value of them.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

import psycopg

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.records.installation import Installation
from guanxi.records.sealing import NONCE_BYTES, seal, unseal
from guanxi.vocabulary.reasons import Refused

ZONE = "Asia/Shanghai"
# A name stands in the address of the account's hook, so it needs no escaping there.
_NAME = re.compile(r"[^\W_][\w.-]{0,63}")
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """An account with its settings open; they are left out of whatever is printed."""

    platform: str
    name: str
    zone: str
    settings: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts in the order they were added: those that open, and platform and name of those that do not."""

    opened: tuple[OpenAccount, ...]
    sealed: tuple[tuple[str, str], ...]


def add_account(actor: Actor, platform: str, name: str, zone: str, settings: Mapping[str, str]) -> None:
    """The brand has the account; refused where it has one of that name there."""
    require(actor, Permission.CHANGE_SETTINGS)
    if not _NAME.fullmatch(name):
        raise Refused("account_name_unfit", name)
    _check_zone(zone)
    with transaction(RELATIONSHIP) as connection:
        made = connection.execute(
            "INSERT INTO channel_account (platform, name, zone, sealed, created_at) "
            "VALUES (%s, %s, %s, %s, now()) ON CONFLICT (platform, name) DO NOTHING RETURNING id",
            (platform, name, zone, _sealed(platform, name, settings)),
        ).fetchone()
        if made is None:
            raise Refused("account_known", f"{platform}/{name}")
        _note(actor, "account_added", platform, name, settings)


def change_account(
    actor: Actor, platform: str, name: str, settings: Mapping[str, str], zone: str | None = None
) -> None:
    """The named settings are as given, an empty one is gone, the others stay unless their seal was broken."""
    require(actor, Permission.CHANGE_SETTINGS)
    with transaction(RELATIONSHIP) as connection:
        known = connection.execute(
            "SELECT zone, sealed FROM channel_account WHERE platform = %s AND name = %s FOR UPDATE",
            (platform, name),
        ).fetchone()
        if known is None:
            raise Refused("no_such_channel_account", f"{platform}/{name}")
        _check_zone(zone or known[0])
        merged = {**(_opened(platform, name, known[1]) or {}), **settings}
        connection.execute(
            "UPDATE channel_account SET zone = %s, sealed = %s WHERE platform = %s AND name = %s",
            (zone or known[0], _sealed(platform, name, merged), platform, name),
        )
        _note(actor, "account_changed", platform, name, settings)


def remove_account(actor: Actor, platform: str, name: str) -> None:
    """The account and its settings are gone; what was heard through it stays."""
    require(actor, Permission.CHANGE_SETTINGS)
    with transaction(RELATIONSHIP) as connection:
        gone = connection.execute(
            "DELETE FROM channel_account WHERE platform = %s AND name = %s RETURNING id", (platform, name)
        ).fetchone()
        if gone is None:
            raise Refused("no_such_channel_account", f"{platform}/{name}")
        _note(actor, "account_removed", platform, name, {})


def opened_accounts(connection: Connection | None = None) -> list[OpenAccount]:
    """Every account whose seal opens, settings open; for the parts that hear and send.

    Args:
        connection: to the database ``relationship``; without one, Django's own.
    """
    return list(read_accounts(connection).opened)


def read_accounts(connection: Connection | None = None) -> Accounts:
    """Every account: one whose seal is broken is named and costs the others nothing.

    Args:
        connection: to the database ``relationship``; without one, Django's own.
    """
    rows = (connection or raw(RELATIONSHIP)).execute(
        "SELECT platform, name, zone, sealed FROM channel_account ORDER BY id"
    )
    opened, sealed = [], []
    for platform, name, zone, kept in rows.fetchall():
        settings = _opened(platform, name, kept)
        if settings is None:
            sealed.append((platform, name))
        else:
            opened.append(OpenAccount(platform, name, zone, settings))
    return Accounts(tuple(opened), tuple(sealed))


def _check_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise Refused("zone_unknown", zone)


def _sealed(platform: str, name: str, settings: Mapping[str, str]) -> bytes:
    kept = {key: value for key, value in sorted(settings.items()) if value}
    pepper = Installation.current().secrets.pepper
    return seal(pepper, f"{platform}/{name}", json.dumps(kept).encode(), secrets.token_bytes(NONCE_BYTES))


def _opened(platform: str, name: str, sealed: bytes) -> dict[str, str] | None:
    """The settings, or None where another installation sealed them or something gnawed at them."""
    try:
        plain = unseal(Installation.current().secrets.pepper, f"{platform}/{name}", bytes(sealed))
    except Refused:
        return None
    return {str(key): str(value) for key, value in json.loads(plain).items()}


def _note(actor: Actor, verb: str, platform: str, name: str, settings: Mapping[str, str]) -> None:
    record(RELATIONSHIP, actor, verb, f"account:{platform}/{name}", {"settings": sorted(settings)})
