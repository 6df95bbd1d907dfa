"""Accounts that somebody must see to: settings that cannot be opened, a relay that has failed for long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.console import written
from guanxi.console.reasons import sentence
from guanxi.console.words import PLATFORMS, word
from guanxi.listen.hooks.queries import RelayRow, relays
from guanxi.records.actor import Actor, Permission
from guanxi.records.queries import sealed_accounts


@dataclass(frozen=True, slots=True)
class AccountAlarm:
    """What is wrong with an account, what to do, since when, and where; no address for who may not change it."""

    text: str
    why: str
    since: str
    href: str


def account_alarms(actor: Actor, now: datetime) -> Iterator[AccountAlarm]:
    """One for each account that is silent or whose relay fails, the silent first."""
    for platform, name in sealed_accounts(actor):
        text = _("%(account)s is neither heard nor sent from") % {"account": account_name(platform, name)}
        why = _(
            "its settings can't be opened with this installation's key: enter them again, or restore the key"
        )
        yield AccountAlarm(text, why, "", _where(actor, platform, name))
    for row in relays(actor):
        if row.is_failing_long(now):
            text = _("%(account)s passes nothing on any more") % {
                "account": account_name(row.platform, row.name)
            }
            since = written.moment(row.failing_since) if row.failing_since else ""
            yield AccountAlarm(text, failure_of(row), since, _where(actor, row.platform, row.name))


def failure_of(row: RelayRow) -> str:
    """Why the last request that was not passed on was not; empty where all were."""
    code, _space, detail = row.failure.partition(" ")
    return sentence(code, detail) if code else ""


def account_name(platform: str, name: str) -> str:
    """An account as people say it."""
    return f"{word(PLATFORMS, platform)} · {name}"


def _where(actor: Actor, platform: str, name: str) -> str:
    return reverse("account", args=[platform, name]) if actor.may(Permission.CHANGE_SETTINGS) else ""
