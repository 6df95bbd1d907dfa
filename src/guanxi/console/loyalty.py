"""Loyalty: what do we reward? The love-money plane, what is owed, tiers, rules with cost and legality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import named
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.plane import Goal, Plane, Stand, plane
from guanxi.console.show import last_round, show
from guanxi.console.tables import table, whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.loyalty.queries import members, programme
from guanxi.records.actor import Permission
from guanxi.vocabulary.ids import Side, split
from guanxi.vocabulary.points import Points

RULES = (
    Column("name", gettext_lazy("Rule")),
    Column(
        "kinds",
        gettext_lazy("For what"),
        "chips",
        of=lambda row: [words.word(words.KINDS, k) for k in row.kinds],
    ),
    Column("platform", gettext_lazy("Platform"), "platform"),
    Column("points", gettext_lazy("Kind of points"), "points", narrow=True),
    Column("amount", gettext_lazy("Points each"), "number", narrow=True),
    Column("entries", gettext_lazy("Times"), "number"),
    Column("issued", gettext_lazy("Cost so far"), "number", unit=gettext_lazy("points"), narrow=True),
    Column(
        "legality",
        gettext_lazy("Legality"),
        "verdict_of_law",
        of=lambda row: row.forbidden_by or ("allowed",),
    ),
    Column("valid_from", gettext_lazy("From"), "moment", optional=True),
    Column("valid_to", gettext_lazy("Until"), "moment", optional=True),
    Column("cap_day", gettext_lazy("Cap a day"), "number", optional=True),
    Column("cap_month", gettext_lazy("Cap a month"), "number", optional=True),
)
REWARDS = (
    Column("name", gettext_lazy("Reward")),
    Column("points", gettext_lazy("Kind of points"), "points"),
    Column("cost", gettext_lazy("Cost"), "number", unit=gettext_lazy("points")),
    Column("stock", gettext_lazy("Left"), "number"),
)
LINES = (
    Column("booked_at", gettext_lazy("Booked"), "moment"),
    Column("kind", gettext_lazy("Entry"), "entry", narrow=True, sortable=False),
    Column("points", gettext_lazy("Kind of points"), "points", narrow=True, sortable=False),
    Column("amount", gettext_lazy("Change"), "signed_whole", narrow=True, sortable=False),
    Column("rule", gettext_lazy("Rule"), sortable=False),
    Column("reason", gettext_lazy("Why"), "plain", sortable=False),
    Column("recorded_at", gettext_lazy("Recorded"), "moment", optional=True, sortable=False),
)


@page(Permission.SEE_LOYALTY)
def loyalty(request: Asked) -> HttpResponseBase:
    """The programme at a glance, the plane, and every rule with its cost."""
    wish = wish_of(request, sort="issued")
    with lake_for(request.actor) as engine:
        found = programme.overview(request.actor, engine)
        stands = members.plane(request.actor, engine)
    shown = _plane(stands, found)
    return show(
        request,
        "console/loyalty.html",
        "loyalty",
        as_of=last_round(),
        programme=found,
        figures=_figures(found),
        plane=shown,
        coverage_of_money=_coverage(shown),
        tiers=[_tier(count) for count in found.tiers],
        rewards=whole_table(request, REWARDS, wish_of(request), programme.rewards(request.actor)),
        seek=_("Find a rule"),
        table=whole_table(request, RULES, wish, programme.rules(request.actor)),
    )


@page(Permission.SEE_LOYALTY)
def statement(request: Asked, identity: int) -> HttpResponseBase:
    """What one member holds, and every entry with its reason."""
    wish = wish_of(request)
    found = members.statement(request.actor, identity, wish.offset, wish.limit)
    return show(
        request,
        "console/statement.html",
        "loyalty",
        who=named(request.actor, [identity])[identity],
        identities=[_whose(code) for code in found.identities],
        since=found.member_since,
        figures=_held(found.love, found.spend, found.member_since),
        table=table(request, LINES, wish, found.lines, found.lines_total),
    )


def _tier(count: programme.TierCount) -> tuple[str, int, str]:
    """A tier's name, how many stand in it, and where they are listed."""
    value, name = (count.tier.name, count.tier.name) if count.tier else (members.NO_TIER, _("no tier yet"))
    return name, count.persons, f"{reverse('members')}?{urlencode({'tier': value})}"


def _figures(found: programme.Overview) -> list[Figure]:
    people = Figure(
        _("Members"),
        written.number(sum(count.persons for count in found.tiers)),
        reverse("members"),
        note=_("%(accounts)s accounts: %(linked)s linked, %(invited)s invited")
        % {
            "accounts": written.number(found.accounts),
            "linked": written.number(found.accounts_linked),
            "invited": written.number(found.accounts_invited),
        },
    )
    return [people, *(figure for totals in found.totals for figure in _points(totals))]


def _points(totals: programme.Totals) -> list[Figure]:
    word = words.word(words.POINTS, totals.points.value)
    side = "love" if totals.points is Points.LOVE else "money"
    spent = _("%(redeemed)s redeemed, %(lost)s written off") % {
        "redeemed": written.number(totals.redeemed),
        "lost": written.number(totals.written_off),
    }
    return [
        Figure(
            _("%(points)s issued") % {"points": word},
            written.number(totals.issued),
            reverse("members"),
            side=side,
            note=spent,
        ),
        Figure(
            _("%(points)s owed") % {"points": word},
            written.number(totals.liability),
            reverse("members"),
            side=side,
        ),
    ]


def _plane(cells: Sequence[members.PlaneCell], found: programme.Overview) -> Plane:
    goals = [Goal(c.tier.name, c.tier.love, c.tier.spend, c.tier.both) for c in found.tiers if c.tier]
    return plane((Stand(c.love, c.spend, c.persons) for c in cells), goals, members.STEPS)


def _held(love: int, spend: int, since: datetime) -> list[Figure]:
    return [
        Figure(words.word(words.POINTS, "love"), written.number(love), side="love"),
        Figure(words.word(words.POINTS, "spend"), written.number(spend), side="money"),
        Figure(_("Member since"), written.day(since.date())),
    ]


def _whose(code: int) -> dict[str, str]:
    side, ref = split(code)
    name = "fan" if side is Side.SOCIAL else "customer"
    label = _("fan %(n)s") if side is Side.SOCIAL else _("customer %(n)s")
    return {"label": label % {"n": ref}, "href": reverse(name, args=[ref]), "tone": side.value}


def _coverage(found: Plane) -> Coverage:
    """What share of members has a known money side."""
    return Coverage(found.known, found.known + found.unknown, _("members' money"), floor=0.0)
