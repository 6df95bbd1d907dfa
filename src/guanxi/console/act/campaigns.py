"""Campaigns: what will go out, to whom, to whom not and why; the list, and one plan with the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.audiences import queries as audiences
from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import named, page_of
from guanxi.console.act.openings import reasons_of, shown_opening
from guanxi.console.cells import Why
from guanxi.console.charts import Text
from guanxi.console.columns import Column
from guanxi.console.figures import Figure
from guanxi.console.reasons import sentence
from guanxi.console.show import last_round, show, this_moment
from guanxi.console.tables import Table, table, whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.outreach.queries import campaigns
from guanxi.outreach.queries.asks import rule_of
from guanxi.outreach.queries.openings import brand_zone
from guanxi.outreach.template import Piece, parse
from guanxi.records.actor import Actor, Permission
from guanxi.vocabulary.ids import split
from guanxi.vocabulary.reasons import Refused

COLUMNS = (
    Column("name", gettext_lazy("Campaign"), href=lambda row: reverse("campaign", args=[row.id])),
    Column("state", gettext_lazy("State"), "state", narrow=True),
    Column("purpose", gettext_lazy("Purpose"), "purpose"),
    Column("platform", gettext_lazy("Platform"), "platform"),
    Column("persons", gettext_lazy("Persons"), "number"),
    Column("sends", gettext_lazy("Send"), "number", narrow=True),
    Column("holds", gettext_lazy("Hold"), "number"),
    Column("drops", gettext_lazy("Not sent on purpose"), "number", narrow=True),
    Column("opens_at", gettext_lazy("Opens"), "moment", optional=True),
    Column("planned_as_of", gettext_lazy("Planned"), "moment"),
    Column("created_by", gettext_lazy("By"), optional=True),
    Column("created_at", gettext_lazy("Made"), "moment", optional=True),
)
WHO = (
    Column("name", gettext_lazy("Person"), href=lambda row: row.href, sortable=False),
    Column("verdict", gettext_lazy("Verdict"), "verdict", narrow=True, sortable=False),
    Column("reasons", gettext_lazy("Why"), "reasons", narrow=True, sortable=False),
    Column("until", gettext_lazy("Asked again"), "moment", sortable=False),
    Column("holdout", gettext_lazy("In the holdout"), "yes", optional=True, sortable=False),
)
VERDICTS = ("send", "due", "hold", "drop")


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a plan."""

    name: str
    href: str
    verdict: str
    reasons: tuple[Why, ...]
    until: datetime | None
    holdout: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A reason or a state with how many it is of."""

    label: Text
    count: int
    width: int
    href: str = ""


@page(Permission.SEE_CAMPAIGNS)
def campaign_list(request: Asked) -> HttpResponseBase:
    """All campaigns with the verdicts of their last plans, the newest first."""
    wish = wish_of(request)
    rows = campaigns.campaigns(request.actor)
    return show(
        request,
        "console/act/campaigns.html",
        "campaigns",
        as_of=last_round(),
        any=bool(rows),
        seek=_("Find a campaign"),
        table=whole_table(request, COLUMNS, wish, rows),
    )


@page(Permission.SEE_CAMPAIGNS)
def campaign(request: Asked, pk: int) -> HttpResponseBase:
    """One plan: who, who not, and why; the message; what left the house."""
    card, zone = campaigns.campaign(request.actor, pk), brand_zone()
    sees_all = request.actor.may(Permission.SEE_CUSTOMERS)
    return show(
        request,
        "console/act/campaign.html",
        "campaigns",
        as_of=card.row.planned_as_of,
        card=card,
        zone=zone,
        opening=shown_opening(card.row, card.opening, zone, this_moment()),
        segment=_segment_name(request.actor, card.row.segment),
        pieces=_pieces(card.text),
        rule=rule_of(card.row.channel, card.message_kind),
        figures=_figures(card),
        verdict=_verdict(request),
        verdicts=[(code, card.verdicts.get(code, 0)) for code in VERDICTS],
        reasons=_bars(card.reasons, _reason, pk),
        withheld=_bars(card.withheld, _reasons, None),
        deliveries=_bars(card.deliveries, _state, None),
        passing=card.verdicts.get("send", 0) + card.verdicts.get("due", 0),
        kept={
            "verdict": _verdict(request),
            **{name: wish_of(request).chosen(name) for name in ("reason", "band")},
        },
        table=_who(request, card.row) if sees_all and card.row.persons else None,
    )


def _verdict(request: Asked) -> str:
    return wish_of(request).chosen("verdict", dict.fromkeys(VERDICTS))


def _who(request: Asked, card: campaigns.CampaignRow) -> Table:
    wish = wish_of(request)
    with lake_for(request.actor) as engine:
        found = campaigns.who(
            request.actor,
            engine,
            card.id,
            verdict=_verdict(request),
            reason=wish.chosen("reason"),
            band=wish.chosen("band"),
            offset=wish.offset,
            rows=wish.limit,
        )
    names = named(request.actor, [row.identity for row in found.rows])
    rows = [
        Person(
            names[row.identity],
            page_of(*split(row.identity)),
            row.verdict,
            reasons_of(row, card.opens_at),
            row.until,
            row.holdout,
        )
        for row in found.rows
    ]
    return table(request, WHO, wish, rows, found.total)


def _figures(card: campaigns.CampaignCard) -> list[Figure]:
    if card.row.planned_as_of is None:
        return []
    address = reverse("campaign", args=[card.row.id])

    def figure(label: Text, verdict: str, side: str = "", note: Text = "") -> Figure:
        count = card.verdicts.get(verdict, 0)
        return Figure(
            label, written.number(count), href=f"{address}?verdict={verdict}#who", side=side, note=note
        )

    shown = [
        Figure(_("Persons in the audience"), written.number(card.row.persons), href=f"{address}#who"),
        figure(_("Send"), "send", "love"),
        figure(_("Send: due to hear from us"), "due", "love", _("silent for too long")),
        figure(_("Hold"), "hold", note=_("asked again later")),
        figure(_("Not sent on purpose"), "drop"),
    ]
    if card.held_out is not None:
        share = _("%(share)s of persons, to compare with") % {
            "share": written.share(card.holdout_permille / 1000)
        }
        shown.append(
            Figure(_("Holdout"), written.number(card.held_out), f"{address}?reason=holdout#who", note=share)
        )
    return shown


def _pieces(text: str) -> tuple[Piece, ...]:
    try:
        return parse(text).pieces
    except Refused:
        return (Piece(text),)


def _segment_name(actor: Actor, pk: int) -> str:
    try:
        return audiences.segment(actor, pk).name
    except Refused:
        return ""


def _bars(counts: dict[str, int], label: Any, pk: int | None) -> list[Bar]:
    most = max(counts.values(), default=1)
    address = reverse("campaign", args=[pk]) if pk is not None else ""
    return [
        Bar(label(code), n, max(1, round(n * 100 / most)), f"{address}?reason={code}#who" if address else "")
        for code, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if n
    ]


def _reason(code: str) -> str:
    return sentence(code)


def _reasons(codes: str) -> str:
    return _(", ").join(sentence(code) for code in codes.split("|") if code)


def _state(code: str) -> str | Promise:
    return words.word(words.STATES, code)
