"""The brand's accounts on platforms: added, changed and removed; secrets go in and are never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.channels.hook import Setting
from guanxi.channels.registry import can_hear, fitted_settings, platforms, settings_of
from guanxi.console.access import Asked, page
from guanxi.console.front_door import front_door
from guanxi.console.reasons import sentence
from guanxi.console.show import show, this_moment
from guanxi.console.trust.alarms import failure_of
from guanxi.console.trust.reading import shown
from guanxi.console.words import PLATFORMS, word
from guanxi.listen.hooks.actions_accounts import change_hooked_account
from guanxi.listen.hooks.queries import relays
from guanxi.records import queries
from guanxi.records.accounts import ZONE, OpenAccount, add_account, remove_account
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused

_PREFIX = "setting-"


@dataclass(frozen=True, slots=True)
class Field:
    """One setting in a form, in the reader's language; ``value`` is always empty where it is a secret.

    Attributes:
        unless: when it may be left empty, where that hangs on another setting.
        choices: each value and what it is called.
    """

    setting: Setting
    label: str
    about: str
    unless: str
    choices: list[tuple[str, str]]
    value: str
    is_set: bool

    @property
    def name(self) -> str:
        """Its name in the form, apart from the form's own."""
        return _PREFIX + self.setting.name


@page(Permission.CHANGE_SETTINGS)
def new_account(request: Asked) -> HttpResponseBase:
    """An empty form for an account of the platform that the address names."""
    return _form(request, request.GET.get("platform", ""), {}, 200)


@page(Permission.CHANGE_SETTINGS, deed=True)
def add(request: Asked) -> HttpResponseBase:
    """The brand has the account, and its hook can be entered at the platform."""
    typed = request.POST.dict()
    platform, name = typed.get("platform", ""), typed.get("name", "").strip()
    try:
        settings = fitted_settings(platform, _typed_settings(platform, typed))
        add_account(request.actor, platform, name, typed.get("zone", ""), settings)
    except Refused as refusal:
        messages.error(request, sentence(refusal.code, _called(platform, refusal.detail)))
        return _form(request, platform, typed, 400)
    messages.success(request, _("The account is added; enter its address at the platform."))
    return HttpResponseRedirect(reverse("account", args=[platform, name]))


@page(Permission.CHANGE_SETTINGS)
def account(request: Asked, platform: str, name: str) -> HttpResponseBase:
    """One account: its hook, its settings without their secrets, and the way out."""
    found = _known(request, platform, name)
    relayed = [row for row in relays(request.actor) if (row.platform, row.name) == (platform, name)]
    return show(
        request,
        "console/trust/account.html",
        "settings",
        account=found.name,
        platform=platform,
        zone=found.zone,
        hears=can_hear(platform),
        hook=hook_address(platform, name),
        fields=_fields(platform, found.settings),
        reading=shown(request.actor, platform, name, this_moment()),
        is_sealed=(platform, name) in queries.sealed_accounts(request.actor),
        relayed=relayed[0] if relayed else None,
        failure=failure_of(relayed[0]) if relayed else "",
        failing=bool(relayed) and relayed[0].is_failing_long(this_moment()),
    )


@page(Permission.CHANGE_SETTINGS, deed=True)
def change(request: Asked, platform: str, name: str) -> HttpResponseBase:
    """The settings are as the form says; a secret that was left empty stays as it was."""
    typed = request.POST.dict()
    secrets = {setting.name for setting in settings_of(platform) if setting.is_secret}
    typed_in = _typed_settings(platform, typed)
    given = {key: value for key, value in typed_in.items() if value or key not in secrets}
    try:
        change_hooked_account(request.actor, platform, name, given, typed.get("zone", ""))
    except Refused as refusal:
        raise Refused(refusal.code, _called(platform, refusal.detail)) from None
    messages.success(request, _("The account is changed; the front door follows within five seconds."))
    return HttpResponseRedirect(reverse("account", args=[platform, name]))


@page(Permission.CHANGE_SETTINGS, deed=True)
def remove(request: Asked, platform: str, name: str) -> HttpResponseBase:
    """The account and its secrets are gone; what was heard through it stays."""
    remove_account(request.actor, platform, name)
    messages.success(request, _("The account is removed; what was heard through it stays."))
    return HttpResponseRedirect(reverse("settings"))


def _known(request: Asked, platform: str, name: str) -> OpenAccount:
    """The account; without settings where they cannot be opened, so that they can be entered again."""
    if (platform, name) in queries.sealed_accounts(request.actor):
        return OpenAccount(platform, name, ZONE, {})
    return queries.opened_account(request.actor, platform, name)


def hook_address(platform: str, name: str) -> str:
    """Where the platform must send; the host is a placeholder where nobody told us our own."""
    return front_door().at(f"/hooks/{platform}/{name}")


def _form(request: Asked, platform: str, typed: Mapping[str, str], status: int) -> HttpResponseBase:
    offered = [name for name in platforms() if settings_of(name)]
    chosen = platform if platform in offered else ""
    answer = show(
        request,
        "console/trust/new_account.html",
        "settings",
        platform=chosen,
        platforms=[(name, word(PLATFORMS, name)) for name in offered],
        typed={"zone": ZONE, **typed},
        fields=_fields(chosen, _typed_settings(chosen, typed)) if chosen else [],
    )
    answer.status_code = status
    return answer


def _fields(platform: str, values: Mapping[str, str]) -> list[Field]:
    others = {setting.name: setting for setting in settings_of(platform)}
    return [
        Field(
            setting,
            _(setting.label),
            _(setting.about),
            _unless(setting, others),
            [(value, _(called)) for value, called in setting.choices.items()],
            "" if setting.is_secret else values.get(setting.name) or setting.default,
            bool(values.get(setting.name)),
        )
        for setting in others.values()
    ]


def _unless(setting: Setting, others: Mapping[str, Setting]) -> str:
    """When the setting may be left empty, as words; nothing where no other setting says so."""
    if setting.needed_unless is None:
        return ""
    name, value = setting.needed_unless
    told = {"setting": _(others[name].label), "value": _(others[name].choices.get(value, value))}
    return _("needed unless “%(setting)s” is “%(value)s”") % told


def _called(platform: str, detail: str) -> str:
    """The detail of a refusal; where it is the name of a setting, the setting's label."""
    known = platform in platforms()
    labels = {one.name: _(one.label) for one in settings_of(platform)} if known else {}
    return labels.get(detail, detail)


def _typed_settings(platform: str, typed: Mapping[str, str]) -> dict[str, str]:
    return {setting.name: typed.get(_PREFIX + setting.name, "") for setting in settings_of(platform)}
