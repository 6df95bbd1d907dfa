"""What doors show of the house itself: the brand's accounts, and who did what in the three databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw
from guanxi.records.models import ChannelAccount

AUDIT_ROWS_MAX = 10_000
_KEPT_IN = {RELATIONSHIP: "relationship", SOCIAL: "social", CUSTOMERS: "customers"}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of the brand on one platform; its keys and secrets are never shown."""

    id: int
    platform: str
    name: str
    zone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One deed, and the database that it was done in."""

    id: int
    kept_in: str
    happened_at: datetime
    actor: str
    verb: str
    subject: str
    detail: dict[str, Any]


def accounts(actor: Actor) -> tuple[AccountRow, ...]:
    """The brand's accounts by platform and name."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = ChannelAccount.objects.order_by("platform", "name")
    return tuple(AccountRow(a.pk, a.platform, a.name, a.zone, a.created_at) for a in found)


def audit_entries(actor: Actor, subject: str = "", rows_max: int = AUDIT_ROWS_MAX) -> tuple[AuditRow, ...]:
    """The latest deeds in all three databases, newest first; with ``subject``, of that subject only."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = [
        AuditRow(id, kept_in, happened_at, who, verb, what, detail)
        for alias, kept_in in _KEPT_IN.items()
        for id, happened_at, who, verb, what, detail in raw(alias).execute(
            "SELECT id, happened_at, actor, verb, subject, detail FROM audit_entry "
            "WHERE %(subject)s = '' OR subject = %(subject)s ORDER BY id DESC LIMIT %(rows)s",
            {"subject": subject, "rows": rows_max},
        )
    ]
    found.sort(key=lambda row: (row.happened_at, row.kept_in, row.id), reverse=True)
    return tuple(found[:rows_max])
