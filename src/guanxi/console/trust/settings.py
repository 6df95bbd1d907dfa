"""Settings: the brand's accounts, people and roles, the rules in force with their sources, and the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.channels.cap import Cap, Over
from guanxi.channels.rule import MessageRule, PlatformRules, ReplyWindow, RewardRule
from guanxi.channels.rules import all_rules
from guanxi.console import actions, written
from guanxi.console.access import Asked, back, page
from guanxi.console.columns import Column
from guanxi.console.queries import users
from guanxi.console.show import show
from guanxi.console.tables import Table, whole_table
from guanxi.console.wish import Wish, wish_of
from guanxi.console.words import KINDS, ROLES, word
from guanxi.listen.viewers.pages import pages
from guanxi.records import queries
from guanxi.records.actor import Permission
from guanxi.records.public_address import public_address

TABS: dict[str, Promise] = {
    "accounts": gettext_lazy("Accounts"),
    "people": gettext_lazy("People and roles"),
    "pages": gettext_lazy("Pages"),
    "rules": gettext_lazy("Rules in force"),
    "audit": gettext_lazy("Audit"),
}
ACCOUNTS = (
    Column(
        "name",
        gettext_lazy("Account"),
        href=lambda row: reverse("account", args=[row.platform, row.name]),
    ),
    Column("platform", gettext_lazy("Platform"), "platform", narrow=True),
    Column("zone", gettext_lazy("Time zone"), narrow=True),
    Column("created_at", gettext_lazy("Added"), "moment", narrow=True),
)
RULES = (
    Column("id", gettext_lazy("Rule")),
    Column("platform", gettext_lazy("Platform"), "platform", narrow=True),
    Column("says", gettext_lazy("What it says"), "wrap", narrow=True, sortable=False),
    Column("source", gettext_lazy("Source"), "wrap", sortable=False),
    Column("checked_on", gettext_lazy("Checked on"), "day", narrow=True),
    Column("seen", gettext_lazy("Read at its source"), "yes"),
)
AUDIT = (
    Column("happened_at", gettext_lazy("When"), "moment"),
    Column("actor", gettext_lazy("By whom"), narrow=True),
    Column("verb", gettext_lazy("Deed"), "plain", narrow=True),
    Column("subject", gettext_lazy("To what"), narrow=True),
    Column("kept_in", gettext_lazy("Database")),
    Column("detail", gettext_lazy("Detail"), "wrap", sortable=False, of=lambda row: _detail(row.detail)),
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of a platform in words, with where and when it was read."""

    id: str
    platform: str
    says: str
    source: str
    checked_on: date
    seen: bool


@page(Permission.CHANGE_SETTINGS)
def settings(request: Asked) -> HttpResponseBase:
    """One of the tabs of the settings."""
    wish = wish_of(request)
    tab = wish.chosen("tab", TABS) or "accounts"
    tabs = [{"key": key, "label": label, "current": key == tab} for key, label in TABS.items()]
    return show(
        request,
        "console/trust/settings.html",
        "settings",
        tab=tab,
        tabs=tabs,
        roles=list(ROLES.items()),
        seek=_("Find"),
        kept={"tab": tab},
        users=users(request.actor) if tab == "people" else (),
        pages=pages(request.actor) if tab == "pages" else (),
        public_address=public_address() if tab == "pages" else "",
        table=_listed(request, wish, tab),
    )


@page(Permission.CHANGE_SETTINGS, deed=True)
def change_user(request: Asked, pk: int) -> HttpResponseBase:
    """The user's role or admission is as the form says."""
    role = request.POST.get("role", "")
    if role:
        actions.change_role(request.actor, pk, role)
        messages.success(request, _("The role is changed from their next page on."))
    else:
        actions.set_admission(request.actor, pk, request.POST.get("admitted") == "yes")
        messages.success(request, _("Who may come in is changed."))
    return back(request, reverse("settings"))


def _listed(request: Asked, wish: Wish, tab: str) -> Table | None:
    if tab == "accounts":
        return whole_table(request, ACCOUNTS, wish, queries.accounts(request.actor))
    if tab == "rules":
        return whole_table(request, RULES, wish, list(_rules()))
    if tab == "audit":
        return whole_table(request, AUDIT, wish, queries.audit_entries(request.actor))
    return None


def _rules() -> Iterator[RuleRow]:
    for rules in all_rules():
        yield from (_row(rules, rule, _message_in_words(rule)) for rule in rules.messages)
        yield from (_row(rules, rule, _reward_in_words(rule)) for rule in rules.rewards)


def _row(rules: PlatformRules, rule: MessageRule | RewardRule, says: str) -> RuleRow:
    where = rule.provenance
    return RuleRow(where.id, rules.platform, says, where.source, where.checked_on, where.seen)


def _message_in_words(rule: MessageRule) -> str:
    if not rule.allowed:
        return _("Not allowed to a brand.")
    parts = [
        _("may carry marketing") if rule.marketing else _("no marketing"),
        _("the brand may start") if rule.starts.value == "brand" else _("only after the person acts"),
    ]
    if rule.window:
        parts.append(_window_in_words(rule.window))
    if rule.cap:
        parts.append(_cap_in_words(rule.cap))
    if rule.hours:
        hours = {"opens": f"{rule.hours.opens:%H:%M}", "closes": f"{rule.hours.closes:%H:%M}"}
        parts.append(_("from %(opens)s to %(closes)s") % hours)
    return _("; ").join(parts)


def _window_in_words(window: ReplyWindow) -> str:
    hours = {"n": written.number(window.sends_max), "hours": written.number(window.seconds / 3600, 1)}
    if window.seconds < 3600:
        return _("%(n)s within %(seconds)s seconds") % {**hours, "seconds": window.seconds}
    return _("%(n)s within %(hours)s hours") % hours


def _cap_in_words(cap: Cap) -> str:
    found = {"n": written.number(cap.sends_max), "days": cap.days}
    if cap.over is Over.CALENDAR_MONTH:
        return _("at most %(n)s a person and calendar month") % found
    if cap.over is Over.CALENDAR_DAY:
        return _("at most %(n)s a person and day") % found
    return _("at most %(n)s a person in %(days)s days") % found


def _reward_in_words(rule: RewardRule) -> str:
    acts = ", ".join(word(KINDS, act) for act in sorted(rule.acts))
    text = _("may be rewarded: %(acts)s") if rule.allowed else _("must not be rewarded: %(acts)s")
    return text % {"acts": acts}


def _detail(detail: dict[str, object]) -> str:
    return "; ".join(f"{key}: {_joined(value)}" for key, value in detail.items())


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
