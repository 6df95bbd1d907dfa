"""Scores, traced: from which rows each point of a fan comes, the activities behind a row, and the table of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.choices import choice
from guanxi.console.columns import Column
from guanxi.console.figures import SHARES, Coverage, Figure
from guanxi.console.people.faces import fan_title
from guanxi.console.people.fans import WINDOWS, chosen_window, done_or_moved, in_words
from guanxi.console.show import show
from guanxi.console.tables import table, whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.actions import set_topic_weight
from guanxi.social.points import PERCENT_MAX, weights
from guanxi.social.queries import scores
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.cards import TimelineRow, Within, fan_timeline, timeline_count
from guanxi.social.windows import HALF_LIFE_DAYS
from guanxi.vocabulary.activity import CAMPAIGN, DAILY, Kind
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Traced:
    """One row of a trace and whose it is."""

    fan: int
    row: scores.TraceRow


def _activities_href(line: Traced) -> str:
    asked = {"day": line.row.day.isoformat(), "kind": line.row.kind}
    return f"{reverse('fan_activities', args=[line.fan])}?{urlencode(asked)}"


def depth_in_words(kind: str, depth: str) -> str:
    """How deep a read went, unknown among the answers; empty for whatever is no read."""
    return str(words.DEPTHS[depth]) if kind == Kind.VIEWED else ""


def _depth(line: Traced) -> str:
    return depth_in_words(line.row.kind, line.row.depth)


def _earns_campaign(row: scores.TraceRow) -> bool:
    """Whether such a row gives campaign points at all, however few are left."""
    return bool((row.n and row.kind in CAMPAIGN) or row.moved or row.second)


def _earns_daily(row: scores.TraceRow) -> bool:
    return bool(row.n and row.kind in DAILY)


TRACE = (
    Column("day", gettext_lazy("Day"), "day", href=_activities_href, of=lambda line: line.row.day),
    Column(
        "kind",
        gettext_lazy("What they did"),
        "kind",
        narrow=True,
        of=lambda line: done_or_moved(line.row.kind, line.row.n),
    ),
    Column("depth", gettext_lazy("How deep"), of=_depth),
    Column("topic", gettext_lazy("Topic"), of=lambda line: line.row.topic or _("not known")),
    Column("n", gettext_lazy("Times"), "number", "social", of=lambda line: line.row.n),
    Column("moved", gettext_lazy("Moved directly"), "number", "social", of=lambda line: line.row.moved),
    Column("second", gettext_lazy("Through them"), "number", "social", of=lambda line: line.row.second),
    Column(
        "campaign",
        gettext_lazy("Campaign activity"),
        "tenths_left",
        "social",
        gettext_lazy("points"),
        narrow=True,
        of=lambda line: line.row.campaign if _earns_campaign(line.row) else None,
    ),
    Column(
        "daily",
        gettext_lazy("Daily activity"),
        "tenths_left",
        "social",
        gettext_lazy("points"),
        narrow=True,
        of=lambda line: line.row.daily if _earns_daily(line.row) else None,
    ),
)


@dataclass(frozen=True, slots=True)
class Done:
    """One activity with the names that the reader may see."""

    row: TimelineRow
    who: str


DONE = (
    Column(
        "happened_at", gettext_lazy("When"), "moment", sortable=False, of=lambda line: line.row.happened_at
    ),
    Column(
        "kind",
        gettext_lazy("What they did"),
        "kind",
        narrow=True,
        sortable=False,
        of=lambda line: done_or_moved(line.row.kind, 0 if line.row.moved else 1),
    ),
    Column(
        "content",
        gettext_lazy("Content"),
        narrow=True,
        sortable=False,
        of=lambda line: (
            line.row.title or (_("content %(n)s") % {"n": line.row.content} if line.row.content else "")
        ),
        href=lambda line: reverse("content_page", args=[line.row.content]) if line.row.content else "",
    ),
    Column(
        "moved",
        gettext_lazy("Whom they moved, or who moved them"),
        narrow=True,
        sortable=False,
        of=lambda line: line.who,
        href=lambda line: reverse("fan", args=[line.row.other]) if line.row.other else "",
    ),
    Column(
        "platform", gettext_lazy("Platform"), "platform", sortable=False, of=lambda line: line.row.platform
    ),
    Column("campaign", gettext_lazy("Campaign"), sortable=False, of=lambda line: line.row.campaign or ""),
)
WEIGHTS = (
    Column("kind", gettext_lazy("What they did"), "kind", sortable=False),
    Column(
        "depth",
        gettext_lazy("How deep"),
        sortable=False,
        narrow=True,
        of=lambda row: depth_in_words(row.kind, row.depth),
    ),
    Column(
        "daily",
        gettext_lazy("Daily activity"),
        "tenths",
        "social",
        gettext_lazy("points"),
        True,
        sortable=False,
        of=lambda row: row.daily or None,
    ),
    Column(
        "campaign",
        gettext_lazy("Campaign activity"),
        "tenths",
        "social",
        gettext_lazy("points"),
        True,
        sortable=False,
        of=lambda row: row.campaign or None,
    ),
    Column(
        "moved",
        gettext_lazy("Each person moved"),
        "tenths",
        "social",
        gettext_lazy("points"),
        sortable=False,
        of=lambda row: row.moved or None,
    ),
    Column(
        "second",
        gettext_lazy("Each person those moved"),
        "tenths",
        "social",
        gettext_lazy("points"),
        sortable=False,
        of=lambda row: row.second or None,
    ),
)


@page(Permission.SEE_SOCIAL)
def score_trace(request: Asked, pk: int) -> HttpResponseBase:
    """The rows from which a fan's two scores come, the latest first; their points sum to the scores."""
    wish, actor = wish_of(request, sort="day"), request.actor
    with lake_for(actor) as engine:
        months = scores.months(actor, engine)
        name = chosen_window(wish, months)
        found = scores.trace(actor, engine, pk, scores.window_named(name))
        shares = _shares_named(actor, engine)
    lines = [Traced(pk, row) for row in found.rows]
    choices = {written.day(month): written.month_in_words(month) for month in months}
    return show(
        request,
        "console/people/score.html",
        "fans",
        as_of=known_until(Side.SOCIAL, "score_now"),
        pk=pk,
        title=fan_title(pk, names_of(actor, [pk]).get(pk, "")),
        figures=_figures(found, name, shares),
        fades=found.window.fades,
        half_lives=HALF_LIFE_DAYS,
        choices=[
            choice(wish, "window", _("Latest month"), {k: str(v) for k, v in WINDOWS.items()} | choices)
        ],
        table=whole_table(request, TRACE, wish, lines),
    )


@page(Permission.SEE_SOCIAL)
def activities(request: Asked, pk: int) -> HttpResponseBase:
    """What a fan did, and others did through the fan, on one day and of one kind, or ever."""
    wish, actor = wish_of(request), request.actor
    within = _within(wish.chosen("day"), wish.chosen("kind", words.KINDS))
    with lake_for(actor) as engine:
        rows = fan_timeline(actor, engine, pk, wish.offset, wish.limit, within)
        total = timeline_count(actor, engine, pk, within)
        shares = _shares_named(actor, engine)
    lines = [Done(row, fan_title(row.other, row.other_name) if row.other else "") for row in rows]
    return show(
        request,
        "console/people/activities.html",
        "fans",
        figures=[Figure(_("Activities"), written.number(total), "#sheet", side="social", coverage=shares)],
        as_of=known_until(Side.SOCIAL, "score_now"),
        pk=pk,
        title=fan_title(pk, names_of(actor, [pk]).get(pk, "")),
        kept={"day": wish.choices["day"]} if "day" in wish.choices else {},
        choices=[choice(wish, "kind", _("Any activity"), words.KINDS)],
        table=table(request, DONE, wish, lines, total),
    )


@page(Permission.SEE_SOCIAL)
def score_weights(request: Asked) -> HttpResponseBase:
    """The one table of weights, how points fade, and how much topics weigh."""
    return show(
        request,
        "console/people/weights.html",
        "fans",
        table=whole_table(request, WEIGHTS, wish_of(request), weights()),
        half_lives=HALF_LIFE_DAYS,
        topics=scores.topic_weights(request.actor),
        percent_max=PERCENT_MAX,
    )


@page(Permission.CHANGE_PROGRAMME, deed=True)
def weigh_topic(request: Asked) -> HttpResponseBase:
    """A topic weighs what the form says."""
    percent = request.POST.get("percent", "")
    if not percent.isdecimal() or len(percent) > 6:
        raise Refused("number_unreadable")
    set_topic_weight(request.actor, request.POST.get("topic", ""), int(percent))
    messages.success(request, _("It counts from the next refresh on, for past activities too."))
    return back(request, reverse("score_weights"))


def _figures(found: scores.Trace, name: str, shares: Coverage | None) -> list[Figure]:
    window = in_words(name, found.window)
    labels = (
        (_("Campaign activity"), found.campaign, "campaign", shares),
        (_("Daily activity"), found.daily, "daily", _depths_known(found.rows)),
    )
    return [
        Figure(
            label,
            written.tenths(value),
            f"?{urlencode({'window': name, 'sort': f'-{key}'})}#sheet",
            unit=_("points"),
            side="social",
            note=window,
            coverage=coverage,
        )
        for label, value, key, coverage in labels
    ]


def _depths_known(rows: Sequence[scores.TraceRow]) -> Coverage | None:
    """Of how many of the fan's reads somebody told how deep they went; None where nothing was read."""
    reads = [row for row in rows if row.kind == Kind.VIEWED]
    if not reads:
        return None
    known = sum(row.n for row in reads if row.depth)
    return Coverage(known, sum(row.n for row in reads), _("the reads' depths"), 0.0)


def _shares_named(actor: Actor, engine: Engine) -> Coverage | None:
    """Of how many shares anybody can tell through whom they came, as far as the reader may know."""
    if not actor.may(Permission.SEE_INFLUENCE):
        return None
    passed = influence.coverage(actor, engine)
    return Coverage(passed.named, passed.passed_on, SHARES, 0.0)


def _within(day: str, kind: str) -> Within:
    if not day:
        return Within(kind=kind)
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Refused("filter_unknown", day) from None
    return Within(found, found, kind)
