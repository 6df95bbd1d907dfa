"""Screening on a fan's card: which signs speak for a share farm, the evidence as counts, and a person's word on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import written
from guanxi.console.access import Asked, back, page
from guanxi.console.columns import Column
from guanxi.console.reasons import sentence
from guanxi.console.show import this_moment
from guanxi.influence.screening.actions import clear_fan, withdraw_clearing
from guanxi.influence.screening.queries import (
    Cleared,
    ScreenedRow,
    cleared_list,
    screened_among,
    screened_fans,
)
from guanxi.influence.screening.rules import Sign
from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission

SIGNS = Column(
    "signs",
    gettext_lazy("Looks like a share farm"),
    "reasons",
    "social",
    narrow=True,
    sortable=False,
    needs=Permission.SEE_INFLUENCE,
)


@dataclass(frozen=True, slots=True)
class Screening:
    """What is shown of a fan: the signs with their evidence, or who cleared them and why.

    Attributes:
        lines: what was looked at, what was found, and whether that is a sign.
        is_counted: whether the lines were counted; else a person's tag alone says it.
        cleared: the person's word, where there is one.
        may_decide: whether the reader may say so or take it back.
    """

    lines: tuple[tuple[str, str, bool], ...]
    is_counted: bool
    cleared: Cleared | None
    may_decide: bool


def screening_of(actor: Actor, engine: Engine, fan: int) -> Screening | None:
    """What screening says of a fan; None where it says nothing."""
    suspect = screened_among(actor, engine, [fan]).get(fan)
    cleared = cleared_list(actor, fan)
    if suspect is None and not cleared:
        return None
    lines = _lines(suspect) if suspect else ()
    is_counted = suspect is not None and Sign.TAGGED not in suspect.signs
    return Screening(
        lines, is_counted, cleared[0] if cleared else None, actor.may(Permission.DECIDE_AMBASSADORS)
    )


def told_of(columns: Iterable[Column], signs: Iterable[Collection[str]]) -> list[Column]:
    """The columns; that of the signs only by wish where nobody on the page shows any, so that it takes no room."""
    spare = not any(signs)
    return [replace(one, optional=True) if spare and one is SIGNS else one for one in columns]


def suspects(actor: Actor, engine: Engine) -> list[int]:
    """Who looks like a share farm, for whoever may see influence; for all others nobody."""
    return screened_fans(engine) if actor.may(Permission.SEE_INFLUENCE) else []


def signs_of(actor: Actor, engine: Engine, fans: list[int]) -> dict[int, tuple[str, ...]]:
    """By fan the signs that speak for a share farm, as codes that have sentences."""
    if not actor.may(Permission.SEE_INFLUENCE):
        return {}
    found = screened_among(actor, engine, fans)
    return {fan: tuple(f"sign_{sign}" for sign in row.signs) for fan, row in found.items()}


def sign_codes(signs: str) -> tuple[str, ...]:
    """The signs of a row as codes that have sentences."""
    return tuple(f"sign_{sign}" for sign in signs.split("|") if sign)


@page(Permission.DECIDE_AMBASSADORS, deed=True)
def clear_screening(request: Asked, fan: int) -> HttpResponseBase:
    """A person said that the fan is no share farm."""
    clear_fan(request.actor, fan, request.POST.get("reason", ""), this_moment())
    messages.success(
        request, _("Not a share farm, with the reason. Their ties count again from the next round.")
    )
    return back(request, reverse("fan", args=[fan]))


@page(Permission.DECIDE_AMBASSADORS, deed=True)
def withdraw_screening(request: Asked, fan: int) -> HttpResponseBase:
    """That is taken back; the evidence speaks again."""
    withdraw_clearing(request.actor, fan)
    messages.success(request, _("Taken back: the next round judges them by the evidence again."))
    return back(request, reverse("fan", args=[fan]))


def _lines(row: ScreenedRow) -> tuple[tuple[str, str, bool], ...]:
    if Sign.TAGGED in row.signs:
        return ((sentence("sign_tagged"), _("a person put the tag on"), True),)
    counted = (
        (Sign.MUTUAL, row.mutual, row.people),
        (Sign.SOON, row.soon, row.timed),
        (Sign.IDLE, row.idle, row.people),
    )
    return tuple(
        (sentence(f"sign_{sign}"), _some_of(some, of), sign in row.signs) for sign, some, of in counted
    )


def _some_of(some: int, of: int) -> str:
    return _("%(seen)s of %(whole)s") % {"seen": written.number(some), "whole": written.number(of)}
