"""Fans: who is best in a window, and by which activities; each score leads to the rows it comes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

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
from guanxi.console.influence.screening import SIGNS, signs_of, suspects, told_of
from guanxi.console.people.faces import fan_title
from guanxi.console.show import show
from guanxi.console.tables import sort_key, table
from guanxi.console.wish import Wish, wish_of
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries import coverage, fans, scores
from guanxi.social.windows import ALL, RECENT, Window
from guanxi.vocabulary.ids import Side

TOP_PARTS = 2
WINDOWS: dict[str, Promise] = {
    RECENT: gettext_lazy("the last 90 days, fading"),
    ALL: gettext_lazy("all time, fading"),
}
FOLLOWS: dict[str, Promise] = {
    "yes": gettext_lazy("follows"),
    "no": gettext_lazy("no longer follows"),
    "unknown": gettext_lazy("unknown whether they follow"),
}


@dataclass(frozen=True, slots=True)
class FanLine:
    """A fan's month with what moves people; influence is None for who has moved nobody, signs say who is screened."""

    fan: int
    name: str
    platform: str
    campaign: int
    daily: int
    top: str
    band: str | None
    signs: tuple[str, ...]
    weight: float | None
    direct: int | None
    followed_day: date | None
    first_day: date | None
    last_day: date | None
    window: str


def trace_href(fan: int, window: str) -> str:
    """The address of the rows from which a fan's scores of a window come."""
    return f"{reverse('score_trace', args=[fan])}?{urlencode({'window': window})}"


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
    SIGNS,
    Column(
        "campaign",
        gettext_lazy("Campaign activity"),
        "tenths",
        "social",
        unit=gettext_lazy("points"),
        narrow=True,
        href=lambda row: trace_href(row.fan, row.window),
    ),
    Column(
        "daily",
        gettext_lazy("Daily activity"),
        "tenths",
        "social",
        unit=gettext_lazy("points"),
        narrow=True,
        href=lambda row: trace_href(row.fan, row.window),
    ),
    Column(
        "direct",
        gettext_lazy("Moved directly"),
        "number",
        "social",
        unit=gettext_lazy("people"),
        sortable=False,
        needs=Permission.SEE_INFLUENCE,
    ),
    Column(
        "weight",
        gettext_lazy("Influence"),
        "decimal",
        "social",
        sortable=False,
        needs=Permission.SEE_INFLUENCE,
    ),
    Column("top", gettext_lazy("Above all by"), "small", "social", sortable=False),
    Column("last_day", gettext_lazy("Last heard"), "day", "social"),
    Column("first_day", gettext_lazy("First heard"), "day", "social", optional=True),
    Column("followed_day", gettext_lazy("Follows since"), "day", "social", optional=True),
)


@page(Permission.SEE_SOCIAL)
def fan_list(request: Asked) -> HttpResponseBase:
    """The fans of a filter with the scores of a month, best first."""
    wish = wish_of(request, sort="campaign")
    with lake_for(request.actor) as engine:
        months = scores.months(request.actor, engine)
        name = chosen_window(wish, months)
        window = scores.window_named(name)
        held = suspects(request.actor, engine)
        found = _found(request.actor, engine, wish, window, held)
        lines = _lines(request.actor, engine, found.rows, window, name)
        figures = _figures(request.actor, engine, len(held))
    return show(
        request,
        "console/people/fans.html",
        "fans",
        as_of=known_until(Side.SOCIAL, "score"),
        question=_question(name, window, months),
        over=WINDOWS.get(name, ""),
        figures=figures,
        table=table(request, told_of(COLUMNS, (line.signs for line in lines)), wish, lines, found.total),
        seek=_("Find a fan by name or number") if request.actor.may(Permission.SEE_PERSONAL) else _("Number"),
        choices=_choices(wish, months),
        kept={name: wish.choices[name] for name in ("fact", "value") if name in wish.choices},
        chosen_fact=_fact_in_words(wish),
    )


def chosen_window(wish: Wish, months: Sequence[date]) -> str:
    """The window in the address, else the latest month in which anything was scored."""
    known = {*(written.day(month) for month in months), *WINDOWS}
    latest = written.day(months[0]) if months else "1970-01-01"
    return wish.chosen("window", dict.fromkeys(known)) or latest


def in_words(name: str, window: Window) -> str:
    """A window as a headline shows it."""
    return str(WINDOWS[name]) if name in WINDOWS else written.month_in_words(window.first)


def _fact_in_words(wish: Wish) -> str:
    """The chosen fact as a sentence; empty where none is chosen."""
    name, value = wish.chosen("fact"), wish.chosen("value")
    if not name:
        return ""
    fact = words.word(words.FACTS, name)
    if not value:
        return _("%(what)s is unknown") % {"what": fact}
    return _("%(what)s is %(value)s") % {"what": fact, "value": words.word(words.FACTS, value)}


def _question(name: str, window: Window, months: Sequence[date]) -> str:
    if name in WINDOWS or not months:
        return _("Who is best, and by what?")
    return _("Who was best in %(month)s, and by what?") % {"month": written.month_in_words(window.first)}


def _found(actor: Actor, engine: Engine, wish: Wish, window: Window, last: Collection[int]) -> fans.FanPage:
    follows = wish.chosen("follows", FOLLOWS)
    return fans.fans(
        actor,
        engine,
        window,
        fans.FanFilter(
            platform=wish.chosen("platform", words.PLATFORMS),
            follows=follows,  # type: ignore[arg-type]
            text=wish.text,
            fact=wish.chosen("fact"),
            fact_value=wish.chosen("value"),
        ),
        sort=("-" if wish.descending else "") + sort_key(COLUMNS, wish, "campaign"),
        offset=wish.offset,
        limit=wish.limit,
        last=last,
    )


def _lines(
    actor: Actor, engine: Engine, rows: Sequence[fans.FanRow], window: Window, name: str
) -> list[FanLine]:
    chosen = [row.fan for row in rows]
    parts = scores.parts_of(engine, chosen, window)
    sees = actor.may(Permission.SEE_INFLUENCE)
    known = {w.fan: w for w in influence.weights_of(actor, engine, chosen)} if sees else {}
    signs = signs_of(actor, engine, chosen)
    return [
        _line(row, parts.get(row.fan, ()), known.get(row.fan), signs.get(row.fan, ()), name) for row in rows
    ]


def _line(
    row: fans.FanRow,
    parts: Sequence[scores.Part],
    known: influence.FanWeight | None,
    signs: tuple[str, ...],
    name: str,
) -> FanLine:
    return FanLine(
        fan=row.fan,
        name=fan_title(row.fan, row.name),
        platform=row.platform,
        campaign=row.campaign,
        daily=row.daily,
        top=" · ".join(part_in_words(part) for part in parts[:TOP_PARTS]),
        band=known.band if known else None,
        signs=signs,
        weight=known.weight if known else None,
        direct=known.direct if known else None,
        followed_day=row.followed_day,
        first_day=row.first_day,
        last_day=row.last_day,
        window=name,
    )


def done_or_moved(kind: str, n: int) -> str:
    """The code of what a fan did, or of what they moved others to, having done it ``n`` times themselves."""
    return kind if n or kind not in words.MOVED_TO else f"moved_{kind}"


def part_in_words(part: scores.Part) -> str:
    """An activity with how many others it moved, or how often the fan did it."""
    if part.moved and part.kind in words.MOVED_TO:
        return str(words.MOVED_TO[part.kind]) % {"n": written.number(part.moved)}
    if part.second and not part.n:
        return str(words.SECOND_HOP[part.kind]) % {"n": written.number(part.second)}
    return f"{words.word(words.KINDS, part.kind)} {written.number(part.n)}"


def _figures(actor: Actor, engine: Engine, screened: int) -> list[Figure]:
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
            Figure(
                _("With a known city"),
                written.number(cities.seen),
                f"{reverse('fact_values')}?name=city",
                side="social",
                coverage=known,
            )
        )
    if actor.may(Permission.SEE_INFLUENCE):
        passed = influence.coverage(actor, engine)
        named = Coverage(passed.named, passed.passed_on, SHARES)
        found.append(
            Figure(_("Shares with a name"), written.number(passed.named), side="social", coverage=named)
        )
    return [*found, *_screened(screened)]


def _screened(count: int) -> list[Figure]:
    if not count:
        return []
    href, note = f"{reverse('weights')}?screening=screened", _("look like a share farm: the last in rank")
    return [Figure(_("Screened"), written.number(count), href, _("fans"), "social", note)]


def _windows(months: Sequence[date]) -> dict[str, str]:
    fading = {name: str(label) for name, label in WINDOWS.items()}
    return fading | {written.day(month): written.month_in_words(month) for month in months}


def _choices(wish: Wish, months: Sequence[date]) -> list[Choice]:
    return [
        choice(wish, "window", _("Latest month"), _windows(months)),
        choice(wish, "platform", _("All platforms"), words.PLATFORMS),
        choice(wish, "follows", _("Follows or not"), FOLLOWS),
    ]
