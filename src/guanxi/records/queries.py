"""What doors show of the house itself: accounts, deeds, checks of what is promised, jobs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.records.accounts import OpenAccount, read_accounts
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw
from guanxi.records.models import ChannelAccount, Verification
from guanxi.vocabulary.reasons import Refused

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


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One invariant when it was last looked at, and what was looked at or what breaks it."""

    name: str
    holds: bool
    detail: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class JobRow:
    """One kind of coarse job: how many wait, run, failed, and when it last ended."""

    name: str
    waiting: int
    running: int
    failed: int
    ended_at: datetime | None


def accounts(actor: Actor) -> tuple[AccountRow, ...]:
    """The brand's accounts by platform and name."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = ChannelAccount.objects.order_by("platform", "name")
    return tuple(AccountRow(a.pk, a.platform, a.name, a.zone, a.created_at) for a in found)


def sealed_accounts(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Platform and name of the accounts whose settings cannot be opened, which neither hear nor send."""
    require(actor, Permission.SEE_TRUST)
    return read_accounts().sealed


def known_settings(actor: Actor, platform: str, name: str) -> dict[str, str]:
    """An account's settings; none where they cannot be opened, so that they can be entered again."""
    try:
        return opened_account(actor, platform, name).settings
    except Refused as refused:
        if refused.code != "seal_broken":
            raise
        return {}


def opened_account(actor: Actor, platform: str, name: str) -> OpenAccount:
    """One account with its settings open: whoever shows it leaves out what is secret."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = read_accounts()
    for account in found.opened:
        if (account.platform, account.name) == (platform, name):
            return account
    if (platform, name) in found.sealed:
        raise Refused("seal_broken", f"{platform}/{name}")
    raise Refused("no_such_channel_account", f"{platform}/{name}")


def audit_entries(actor: Actor, subject: str = "", rows_max: int = AUDIT_ROWS_MAX) -> tuple[AuditRow, ...]:
    """The latest deeds in all three databases, newest first; with ``subject``, of that subject only."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = [
        AuditRow(id, kept_in, happened_at, who, verb, what, json.loads(detail))
        for alias, kept_in in _KEPT_IN.items()
        for id, happened_at, who, verb, what, detail in raw(alias).execute(
            "SELECT id, happened_at, actor, verb, subject, detail::text FROM audit_entry "
            "WHERE %(subject)s = '' OR subject = %(subject)s ORDER BY id DESC LIMIT %(rows)s",
            {"subject": subject, "rows": rows_max},
        )
    ]
    found.sort(key=lambda row: (row.happened_at, row.kept_in, row.id), reverse=True)
    return tuple(found[:rows_max])


def checks(actor: Actor) -> tuple[CheckRow, ...]:
    """Every invariant as it was last found; what is broken first."""
    require(actor, Permission.SEE_TRUST)
    found = Verification.objects.order_by("holds", "name")
    return tuple(CheckRow(v.name, v.holds, v.detail, v.checked_at) for v in found)


def jobs(actor: Actor) -> tuple[JobRow, ...]:
    """The coarse jobs by kind."""
    require(actor, Permission.SEE_TRUST)
    rows = raw(RELATIONSHIP).execute(
        "SELECT j.task_name, count(DISTINCT j.id) FILTER (WHERE j.status = 'todo'), "
        "count(DISTINCT j.id) FILTER (WHERE j.status = 'doing'), "
        "count(DISTINCT j.id) FILTER (WHERE j.status = 'failed'), "
        "max(e.at) FILTER (WHERE e.type IN ('succeeded', 'failed')) "
        "FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id GROUP BY 1 ORDER BY 1"
    )
    return tuple(JobRow(*row) for row in rows)
