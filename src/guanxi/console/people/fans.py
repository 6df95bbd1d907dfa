"""Fans: who was best in a month, and by which activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.choices import Choice, choice
from guanxi.console.columns import Column
from guanxi.console.figures import PEOPLE, SHARES, Coverage, Figure
from guanxi.console.people.faces import fan_title
from guanxi.console.show import last_round, show
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import Wish, wish_of
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries import coverage, fans
from guanxi.vocabulary.ids import Side

TOP_PARTS = 2
FOLLOWS: dict[str, Promise] = {
    "yes": gettext_lazy("follows"),
    "no": gettext_lazy("no longer follows"),
    "unknown": gettext_lazy("unknown whether they follow"),
}


@dataclass(frozen=True, slots=True)
class FanLine:
    """A fan's month with what moves people; influence is None for who has moved nobody."""

    fan: int
    name: str
    platform: str
    campaign: int
    daily: int
    top: str
    band: str | None
    weight: float | None
    direct: int | None
    followed_day: date | None
    first_day: date | None
    last_day: date | None


COLUMNS = (
    Column(
        "fan", gettext_lazy("Fan"), of=lambda row: row.name, href=lambda row: reverse("fan", args=[row.fan])
    ),
    Column("platform", gettext_lazy("Platform"), "platform", "social", sortable=False),
    Column(
        "band",
        gettext_lazy("Band"),
        "band",
        "social",
        narrow=True,
        sortable=False,
        needs=Permission.SEE_INFLUENCE,
    ),
    Column(
        "campaign",
        gettext_lazy("Campaign activity"),
        "tenths",
        "social",
        unit=gettext_lazy("points"),
        narrow=True,
    ),
    Column(
        "daily", gettext_lazy("Daily activity"), "tenths", "social", unit=gettext_lazy("points"), narrow=True
    ),
    Column(
        "direct",
        gettext_lazy("Moved directly"),
        "number",
        "social",
        unit=gettext_lazy("people"),
        sortable=False,
    ),
    Column(
        "weight",
        gettext_lazy("Influence"),
        "decimal",
        "social",
        sortable=False,
        needs=Permission.SEE_INFLUENCE,
    ),
    Column("top", gettext_lazy("Above all by"), "text", "social", sortable=False),
    Column("last_day", gettext_lazy("Last heard"), "day", "social"),
    Column("first_day", gettext_lazy("First heard"), "day", "social", optional=True),
    Column("followed_day", gettext_lazy("Follows since"), "day", "social", optional=True),
)


@page(Permission.SEE_SOCIAL)
def fan_list(request: Asked) -> HttpResponseBase:
    """The fans of a filter with the scores of a month, best first."""
    wish = wish_of(request, sort="campaign")
    with lake_for(request.actor) as engine:
        months = fans.months(request.actor, engine)
        month = _month(wish, months)
        found = _found(request.actor, engine, wish, month)
        lines = _lines(request.actor, engine, found.rows, month)
        figures = _figures(request.actor, engine)
    return show(
        request,
        "console/people/fans.html",
        "fans",
        as_of=known_until(Side.SOCIAL, "score"),
        month=month,
        figures=figures,
        table=table(request, COLUMNS, wish, lines, found.total),
        seek=_("Find a fan by name or number") if request.actor.may(Permission.SEE_PERSONAL) else _("Number"),
        choices=_choices(wish, months),
    )


def _month(wish: Wish, months: Sequence[date]) -> date:
    wanted = next((month for month in months if written.day(month) == wish.chosen("month")), None)
    return wanted or (months[0] if months else date(1970, 1, 1))


def _found(actor: Actor, engine: Engine, wish: Wish, month: date) -> fans.FanPage:
    follows = wish.chosen("follows", FOLLOWS)
    return fans.fans(
        actor,
        engine,
        month,
        fans.FanFilter(
            platform=wish.chosen("platform", words.PLATFORMS),
            follows=follows,  # type: ignore[arg-type]
            text=wish.text,
        ),
        sort=("-" if wish.descending else "") + sort_key(COLUMNS, wish, "campaign"),
        offset=wish.offset,
        limit=wish.limit,
    )


def _lines(actor: Actor, engine: Engine, rows: Sequence[fans.FanRow], month: date) -> list[FanLine]:
    chosen = [row.fan for row in rows]
    parts = fans.parts_of(engine, chosen, month, month)
    sees = actor.may(Permission.SEE_INFLUENCE)
    known = {w.fan: w for w in influence.weights_of(actor, engine, chosen)} if sees else {}
    return [_line(row, parts.get((row.fan, month), ()), known.get(row.fan)) for row in rows]


def _line(row: fans.FanRow, parts: Sequence[fans.Part], known: influence.FanWeight | None) -> FanLine:
    return FanLine(
        fan=row.fan,
        name=fan_title(row.fan, row.name),
        platform=row.platform,
        campaign=row.campaign,
        daily=row.daily,
        top=" · ".join(part_in_words(part) for part in parts[:TOP_PARTS]),
        band=known.band if known else None,
        weight=known.weight if known else None,
        direct=known.direct if known else None,
        followed_day=row.followed_day,
        first_day=row.first_day,
        last_day=row.last_day,
    )


def part_in_words(part: fans.Part) -> str:
    """An activity with how many others it moved, or how often the fan did it."""
    if part.moved and part.kind in words.MOVED_TO:
        return str(words.MOVED_TO[part.kind]) % {"n": written.number(part.moved)}
    return f"{words.word(words.KINDS, part.kind)} {written.number(part.n or part.moved)}"


def _figures(actor: Actor, engine: Engine) -> list[Figure]:
    seen = {row.what: row for row in coverage.coverage(actor, engine)}
    active, follow = seen["active"], seen["follow"]
    cities = seen.get("city")
    found = [
        Figure(_("Fans"), written.number(active.whole), "?", side="social"),
        Figure(
            _("Ever active"),
            written.number(active.seen),
            "?sort=-last_day",
            side="social",
            coverage=Coverage(active.seen, active.whole, PEOPLE),
        ),
        Figure(
            _("Known to follow or not"),
            written.number(follow.seen),
            "?follows=yes",
            side="social",
            coverage=Coverage(follow.seen, follow.whole, PEOPLE),
        ),
    ]
    if cities is not None:
        known = Coverage(cities.seen, cities.whole, PEOPLE)
        found.append(
            Figure(_("With a known city"), written.number(cities.seen), side="social", coverage=known)
        )
    if actor.may(Permission.SEE_INFLUENCE):
        passed = influence.coverage(actor, engine, last_round())
        named = Coverage(passed.named, passed.passed_on, SHARES)
        found.append(
            Figure(_("Shares with a name"), written.number(passed.named), side="social", coverage=named)
        )
    return found


def _choices(wish: Wish, months: Sequence[date]) -> list[Choice]:
    return [
        choice(wish, "month", _("Latest month"), {written.day(m): written.month_in_words(m) for m in months}),
        choice(wish, "platform", _("All platforms"), words.PLATFORMS),
        choice(wish, "follows", _("Follows or not"), FOLLOWS),
    ]
