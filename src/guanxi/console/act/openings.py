"""The opening of a campaign: typed on the brand's clock, shown with who may hear from when on, and moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.cells import Why
from guanxi.console.show import last_round, this_moment
from guanxi.lake.sight import lake_for
from guanxi.outreach.actions.openings import set_opening
from guanxi.outreach.actions.plan import plan_campaign
from guanxi.outreach.queries.campaigns import CampaignRow, WhoRow
from guanxi.outreach.queries.openings import OTHERS, Opening, OpeningRow, brand_zone
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import local


@dataclass(frozen=True, slots=True)
class Line:
    """Those who may hear from a moment on, with how many they are and where they are listed."""

    label: str
    count: int
    width: int
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An opening in words.

    Attributes:
        clock: the moment on the brand's clock.
        typed: the same, as the form's field takes it.
        is_ahead: it is still to come.
    """

    clock: str
    typed: str
    moment: datetime
    lines: tuple[Line, ...]
    is_planned: bool
    is_ahead: bool


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def move_opening(request: Asked, pk: int) -> HttpResponseBase:
    """The campaign opens when the form says, and is planned anew where the reader may see whom it is for."""
    opens_at = typed_opening(request.POST.get("opens_at", ""))
    back = set_opening(request.actor, pk, opens_at, this_moment())
    if request.actor.may(Permission.SEE_CUSTOMERS):
        with lake_for(request.actor) as engine:
            plan_campaign(request.actor, engine, pk, last_round())
    told = _("The opening is moved.") if opens_at else _("The campaign is open at once.")
    if back:
        told += " " + ngettext(
            "%(n)s waiting message was taken back.", "%(n)s waiting messages were taken back.", back
        ) % {"n": written.number(back)}
    messages.success(request, told)
    return HttpResponseRedirect(reverse("campaign", args=[pk]))


def typed_opening(text: str) -> datetime | None:
    """The moment that was typed on the brand's clock; None where nothing was, refused where the clock skips it."""
    if not text.strip():
        return None
    zone = brand_zone()
    try:
        clock = datetime.fromisoformat(text.strip()).replace(second=0, microsecond=0)
        moment = clock.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        is_shown = local(moment, zone).replace(tzinfo=clock.tzinfo) == clock
    except (ValueError, OverflowError):
        raise Refused("opening_unreadable") from None
    if clock.tzinfo is not None or not is_shown:
        raise Refused("opening_unreadable")
    return moment


def shown_opening(row: CampaignRow, opening: Opening | None, zone: str, now: datetime) -> Shown | None:
    """The opening as its page shows it; None where the campaign has none."""
    if opening is None:
        return None
    clock = local(opening.opens_at, zone)
    most = max((one.persons for one in opening.rows), default=0) or 1
    address = reverse("campaign", args=[row.id])
    return Shown(
        f"{clock:%Y-%m-%d %H:%M}",
        f"{clock:%Y-%m-%dT%H:%M}",
        opening.opens_at,
        tuple(_line(one, most, address) for one in opening.rows),
        opening.is_planned,
        opening.opens_at > now,
    )


def reasons_of(row: WhoRow, opens_at: datetime | None) -> tuple[Why, ...]:
    """Why the plan says what it says of a person; of an opening also when it is, and when it is for them."""
    return tuple(
        Why(code, _waits(row.opens_at, opens_at) if code == "not_open" else "")
        for code in row.reasons or ("may_send",)
    )


def _waits(own: datetime | None, opens_at: datetime | None) -> str:
    if own is None or opens_at is None:
        return ""
    if own == opens_at:
        return _("opens %(moment)s") % {"moment": written.moment(opens_at)}
    moments = {"moment": written.moment(opens_at), "own": written.moment(own)}
    return _("opens %(moment)s, for them %(own)s") % moments


def _line(row: OpeningRow, most: int, address: str) -> Line:
    who = {OTHERS: _("everybody else"), "": _("early access")}.get(row.band) or words.word(
        words.BANDS, row.band
    )
    label = _("%(who)s: from %(moment)s") % {"who": who, "moment": written.moment(row.opens_at)}
    href = f"{address}?band={row.band}#who" if row.band else ""
    return Line(label, row.persons, max(1, round(row.persons * 100 / most)), href)
