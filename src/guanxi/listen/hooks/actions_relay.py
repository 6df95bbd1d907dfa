"""Settles what was counted of an account's relay when the account passes on to another address, or to none."""

from __future__ import annotations

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw


def settle_relay(actor: Actor, platform: str, name: str) -> None:
    """What failed at the address before alarms nobody any more; what was counted stays."""
    require(actor, Permission.CHANGE_SETTINGS)
    source = f"{platform}:{name}"
    raw(RELATIONSHIP).execute("UPDATE relay_state SET failing_since = NULL WHERE source = %s", [source])
