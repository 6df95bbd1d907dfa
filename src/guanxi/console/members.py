"""Members: who stands at a cell of the love-money plane or in a tier, or everybody; the rows behind Loyalty."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console.access import Asked, page
from guanxi.console.act.faces import named
from guanxi.console.choices import choice
from guanxi.console.columns import Column
from guanxi.console.show import last_round, show
from guanxi.console.tables import table
from guanxi.console.wish import Wish, wish_of
from guanxi.lake.sight import lake_for
from guanxi.loyalty.queries import programme
from guanxi.loyalty.queries.members import ANY, NO_TIER, SORTS, MemberRow, members_at
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class NamedMember:
    """A member with the name that the reader may see."""

    name: str
    member: MemberRow


COLUMNS = (
    Column(
        "person",
        gettext_lazy("Member"),
        of=lambda row: row.name,
        href=lambda row: reverse("statement", args=[row.member.person]),
    ),
    Column("love", gettext_lazy("love points"), "number", narrow=True, of=lambda row: row.member.love),
    Column("spend", gettext_lazy("spend points"), "number", narrow=True, of=lambda row: row.member.spend),
    Column("tier", gettext_lazy("Tier"), "plain", narrow=True, of=lambda row: row.member.tier),
    Column(
        "identity",
        gettext_lazy("Number"),
        "text",
        sortable=False,
        optional=True,
        of=lambda row: row.member.person,
    ),
)


@page(Permission.SEE_LOYALTY)
def member_list(request: Asked) -> HttpResponseBase:
    """The members of the chosen cell or tier, most love first."""
    wish, actor = wish_of(request, sort="love"), request.actor
    key = wish.sort if wish.sort in SORTS else "love"
    with lake_for(actor) as engine:
        tiers = _tiers(programme.overview(actor, engine))
        rows, total = members_at(
            actor,
            engine,
            _step(wish, "love"),
            _step(wish, "spend"),
            wish.chosen("tier", tiers),
            f"-{key}" if wish.descending else key,
            wish.offset,
            wish.limit,
        )
    names = named(actor, [row.person for row in rows])
    lines = [NamedMember(names[row.person], row) for row in rows]
    return show(
        request,
        "console/members.html",
        "loyalty",
        as_of=last_round(),
        kept={name: wish.choices[name] for name in ("love", "spend") if name in wish.choices},
        choices=[choice(wish, "tier", _("Any tier"), tiers)],
        table=table(request, COLUMNS, wish, lines, total),
    )


def _tiers(found: programme.Overview) -> dict[str, str]:
    named_tiers = {count.tier.name: count.tier.name for count in found.tiers if count.tier}
    return {**named_tiers, NO_TIER: _("no tier yet")}


def _step(wish: Wish, name: str) -> int:
    text = wish.choices.get(name, "")
    if not text:
        return ANY
    try:
        return int(text)
    except ValueError:
        raise Refused("filter_unknown", name) from None
