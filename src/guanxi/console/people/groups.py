"""Groups: the chat groups that fans belong to, who is in them, and how much is said there."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.people.faces import fan_title
from guanxi.console.show import last_round, show
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Permission
from guanxi.social.queries import groups
from guanxi.social.queries.groups import GroupRow, MemberRow

COLUMNS = (
    Column(
        "group",
        gettext_lazy("Group"),
        of=lambda row: group_title(row.group, row.name),
        href=lambda row: reverse("group", args=[row.group]),
    ),
    Column("platform", gettext_lazy("Platform"), "platform", "social", narrow=True),
    Column("account_name", gettext_lazy("Account"), "text", "social"),
    Column("members", gettext_lazy("Group members"), "number", "social", narrow=True),
    Column("said", gettext_lazy("Said in 30 days"), "number", "social", narrow=True),
    Column("speakers", gettext_lazy("Members who spoke"), "number", "social"),
    Column("last_day", gettext_lazy("Last heard"), "day", "social"),
    Column("is_open", gettext_lazy("Open"), "yes", "social", optional=True),
)
MEMBERS = (
    Column(
        "fan",
        gettext_lazy("Fan"),
        of=lambda row: fan_title(row.fan, row.name),
        href=lambda row: reverse("fan", args=[row.fan]),
    ),
    Column("said", gettext_lazy("Said in 30 days"), "number", "social", narrow=True),
    Column("is_in", gettext_lazy("In the group"), "yes", "social", narrow=True),
    Column("joined_at", gettext_lazy("Joined the group"), "moment", "social"),
    Column("heard_at", gettext_lazy("Last heard"), "moment", "social"),
    Column("left_at", gettext_lazy("Left the group"), "moment", "social", optional=True),
)


def group_title(group: int, name: str) -> str:
    """The group's name, or its number where the platform did not tell it."""
    return name or _("group %(n)s") % {"n": group}


@page(Permission.SEE_SOCIAL)
def group_list(request: Asked) -> HttpResponseBase:
    """Every chat group with members and what was said lately."""
    wish, as_of = wish_of(request, sort="said"), last_round()
    with lake_for(request.actor) as engine:
        found = groups.groups(request.actor, engine, as_of)
    return show(
        request,
        "console/people/groups.html",
        "groups",
        as_of=as_of,
        figures=_figures(found),
        table=whole_table(request, COLUMNS, wish, found),
        seek=_("Find a group"),
    )


@page(Permission.SEE_SOCIAL)
def group_page(request: Asked, pk: int) -> HttpResponseBase:
    """One group and whoever is or was in it."""
    wish, as_of = wish_of(request, sort="said"), last_round()
    with lake_for(request.actor) as engine:
        one = groups.group(request.actor, engine, as_of, pk)
        members = groups.members(request.actor, engine, as_of, pk)
    return show(
        request,
        "console/people/group.html",
        "groups",
        as_of=as_of,
        one=one,
        title=group_title(pk, one.name),
        figures=_figures_of(one, members),
        table=whole_table(request, MEMBERS, wish, members),
        seek=_("Find a member"),
    )


def _figures(found: Sequence[GroupRow]) -> list[Figure]:
    named = Coverage(sum(bool(row.name) for row in found), len(found), _("names of groups"), floor=0.0)
    heard = Coverage(sum(row.said > 0 for row in found), len(found), _("what is said in groups"), floor=0.0)
    note = _("WeCom tells who joins a group, not what is said in it")
    return [
        Figure(_("Groups"), written.number(sum(row.is_open for row in found)), side="social", coverage=named),
        Figure(_("Memberships"), written.number(sum(row.members for row in found)), side="social"),
        Figure(
            _("Said in 30 days"),
            written.number(sum(row.said for row in found)),
            side="social",
            note=note,
            coverage=heard,
        ),
    ]


def _figures_of(one: GroupRow, members: Sequence[MemberRow]) -> list[Figure]:
    dated = sum(row.joined_at is not None for row in members if row.is_in)
    joined = Coverage(dated, one.members, _("the days of joining"), floor=0.0)
    return [
        Figure(_("Group members"), written.number(one.members), side="social", coverage=joined),
        Figure(
            _("Said in 30 days"),
            written.number(one.said),
            side="social",
            note=_("by %(n)s members") % {"n": written.number(one.speakers)},
        ),
        Figure(_("Platform"), words.word(words.PLATFORMS, one.platform), note=one.account_name),
    ]
