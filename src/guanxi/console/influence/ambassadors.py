"""Ambassadors: whom should we invite, and how sure are we? The back-test first, then the list with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.act.faces import fan_number, visible_name
from guanxi.console.charts import Chart, Series
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.influence import choosing
from guanxi.console.influence.communities import names_by_community
from guanxi.console.influence.counted import currency_of, in_unit, in_units, minor_of, money_unit, unit_of
from guanxi.console.influence.fading import fading_told
from guanxi.console.influence.judging import favoured, judged
from guanxi.console.influence.whys import said
from guanxi.console.reasons import sentence
from guanxi.console.show import last_round, show, this_moment
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.influence import actions, queries
from guanxi.influence.choosing.queries import WhyChosen, whys
from guanxi.influence.circles.queries import community_faces
from guanxi.influence.learning import queries as tie_queries
from guanxi.influence.screening.queries import screened_among
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.contents import titles_of
from guanxi.vocabulary.reasons import Refused

STATES = ("shortlisted", "invited", "active", "resting", "declined")
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("ambassador", args=[row.fan])),
    Column("rank", gettext_lazy("Place"), "number"),
    Column("state", gettext_lazy("State"), "state", narrow=True),
    Column("marginal", gettext_lazy("Adds"), "decimal", "social", unit=gettext_lazy("people"), narrow=True),
    Column("firm", gettext_lazy("How firm"), "share", unit=gettext_lazy("of re-runs")),
    Column("band", gettext_lazy("Band"), "band"),
    Column("weight", gettext_lazy("Weight"), "decimal", "social", unit=gettext_lazy("people")),
    Column("direct", gettext_lazy("Moved directly"), "number", "social", optional=True),
    Column("second", gettext_lazy("Through them"), "number", "social", optional=True),
    Column("platform", gettext_lazy("Platform"), "platform"),
    Column("community", gettext_lazy("Community"), "number", optional=True),
    Column("why", gettext_lazy("Why"), "said", sortable=False, narrow=True),
    Column("decided_by", gettext_lazy("Decided by"), optional=True),
    Column("decided_at", gettext_lazy("Decided"), "moment", optional=True),
)


EVIDENCE = (
    Column("happened_at", gettext_lazy("When"), "moment", narrow=True),
    Column("kind", gettext_lazy("What they did through this fan"), "kind", narrow=True),
    Column("platform", gettext_lazy("Platform"), "platform", narrow=True),
    Column("title", gettext_lazy("Content"), narrow=True, href=lambda r: _content(r.content)),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One engagement behind a tie, with the title of what it was about."""

    happened_at: datetime
    kind: str
    platform: str
    content: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One ambassador as the list shows it."""

    fan: int
    name: str
    rank: int
    state: str
    marginal: float | None
    firm: float | None
    band: str | None
    weight: float | None
    direct: int | None
    second: int | None
    platform: str | None
    community: int | None
    why: tuple[str, ...]
    decided_by: str
    decided_at: object


@page(Permission.SEE_INFLUENCE)
def ambassadors(request: Asked) -> HttpResponseBase:
    """How such choices did before, what this one promises, and who is on it."""
    progress = choosing.progress_of(request.actor)
    if progress is None and request.headers.get("HX-Trigger") == "progress":
        return HttpResponse(headers={"HX-Refresh": "true"})  # whoever watched a choice sees its list
    wish, moment = wish_of(request, sort="rank", descending=False), last_round()
    state = wish.chosen("state", dict.fromkeys(STATES))
    run = queries.latest_run(request.actor)
    with lake_for(request.actor) as engine:
        everyone = queries.ambassadors(request.actor, engine)
        settings = choosing.settings_of(request.actor, engine, run)
        run = in_units(run, currency_of(request.actor, engine))
        seen = queries.coverage(request.actor, engine)
        why = _why(request.actor, engine, everyone)
    rows = _rows(request.actor, everyone, why, run)
    shares = Coverage(seen.named, seen.passed_on or None, _("shares"), floor=0.0)
    return show(
        request,
        "console/influence/ambassadors.html",
        "ambassadors",
        as_of=run.as_of if run else moment,
        run=run,
        settings=settings,
        progress=progress,
        objective=words.word(choosing.GOALS, run.objective) if run else "",
        **choosing.said_of(run),
        passed=choosing.passed_table(request, run) if run else None,
        coverage_of_shares=shares,
        backtest=judged(run) if run and run.backtest else None,
        fading=fading_told(run),
        favoured=favoured(run) if run else "",
        knows=moment,
        figures=_figures(run, everyone, shares) if run else [],
        curve=_curve(run) if run and run.seeds else None,
        states=_states(rows, state),
        kept={"state": state},
        seek=_("Find a fan"),
        table=whole_table(request, _columns(run), wish, [r for r in rows if state in ("", r.state)]),
    )


@page(Permission.SEE_INFLUENCE)
def ambassador(request: Asked, fan: int) -> HttpResponseBase:
    """One of them: why, whom they move with which evidence, and the decision."""
    with lake_for(request.actor) as engine:
        found = next((a for a in queries.ambassadors(request.actor, engine) if a.fan == fan), None)
        if found is None:
            raise Refused("no_such_ambassador", str(fan))
        ripples = queries.ripples_of(request.actor, engine, fan)
        why = _why(request.actor, engine, [found])
        currency = currency_of(request.actor, engine) if found.in_money else ""
    names = names_of(request.actor, [fan, *(tie.influenced for tie in ripples.moves)])
    run = queries.latest_run(request.actor)
    return show(
        request,
        "console/influence/ambassador.html",
        "ambassadors",
        found=found,
        name=visible_name(names.get(fan), fan_number(fan)),
        reasons=why[fan],
        ties=[
            (visible_name(names.get(tie.influenced), fan_number(tie.influenced)), tie, tie.high - tie.low)
            for tie in ripples.moves
        ],
        influence=found.influence,
        adds=in_unit(found.marginal, currency if found.in_money else None),
        adds_unit=money_unit(currency) if found.in_money else _("people"),
        firm=_firm_of(run, fan),
        chosen_on=run.as_of if run and run.run == found.run and run.as_of < last_round() else None,
    )


@page(Permission.SEE_INFLUENCE)
def tie(request: Asked, influencer: int, influenced: int) -> HttpResponseBase:
    """The engagements that make one tie."""
    with lake_for(request.actor) as engine:
        rows = queries.evidence_of(request.actor, engine, influencer, influenced)
        told = tie_queries.tie_told(request.actor, engine, influencer, influenced)
        likeness = tie_queries.likeness_of(request.actor, engine, told.tie.platform) if told.tie else None
    names = names_of(request.actor, [influencer, influenced])
    titles = titles_of(request.actor, {row.content for row in rows if row.content})
    shown = [
        Evidence(row.happened_at, row.kind, row.platform, row.content, _title(row.content, titles))
        for row in rows
    ]
    wish = wish_of(request, sort="happened_at")
    return show(
        request,
        "console/influence/tie.html",
        "map",
        influencer=influencer,
        influenced=influenced,
        one=visible_name(names.get(influencer), fan_number(influencer)),
        other=visible_name(names.get(influenced), fan_number(influenced)),
        told=told,
        likeness=likeness,
        table=whole_table(request, EVIDENCE, wish, shown),
    )


@page(Permission.DECIDE_AMBASSADORS, deed=True)
def decide_ambassador(request: Asked, fan: int, decision: str) -> HttpResponseBase:
    """The fan is invited, active, resting or declined, and the reader is told so."""
    reason, moment = request.POST.get("reason", "").strip()[:500], this_moment()
    if decision == "approve":
        actions.approve_ambassador(request.actor, fan, moment)
        told = _("Invited: the list keeps them.")
    elif decision == "activate":
        actions.activate_ambassador(request.actor, fan, moment)
        told = _("They are active.")
    elif decision == "rest":
        actions.rest_ambassador(request.actor, fan, reason, moment)
        told = _("They rest; no list proposes them until they are active again.")
    elif decision == "reconsider":
        actions.reconsider_ambassador(request.actor, fan, moment)
        told = _("They are on the list again; choices may propose them.")
    else:
        actions.decline_ambassador(request.actor, fan, reason, moment)
        told = _("Declined, with the reason; no list proposes them again.")
    messages.success(request, told)
    return back(request, reverse("ambassador", args=[fan]))


def _columns(run: queries.RunRow | None) -> tuple[Column, ...]:
    """The columns, with what the choice counted as the unit of what each adds."""
    return tuple(replace(one, unit=unit_of(run)) if one.key == "marginal" else one for one in COLUMNS)


def _title(content: int | None, titles: Mapping[int, str]) -> str:
    return titles.get(content) or _("content %(n)s") % {"n": content} if content else ""


def _content(content: int | None) -> str:
    return reverse("content_page", args=[content]) if content else ""


def _firm(run: queries.RunRow | None) -> Mapping[str, float]:
    """By fan of the list, in what share of the worlds drawn from the ties' posteriors they are chosen."""
    sure = run.found.get("certainty") if run else None
    return sure["chosen"] if sure else {}


def _firm_of(run: queries.RunRow | None, fan: int) -> str:
    share = _firm(run).get(str(fan))
    if run is None or share is None:
        return ""
    worlds = run.found["certainty"]["worlds"]
    return _("chosen in %(n)s of %(worlds)s re-runs with ties drawn from what is known of them") % {
        "n": round(share * worlds),
        "worlds": worlds,
    }


def _rows(
    actor: Actor,
    everyone: Sequence[queries.AmbassadorRow],
    why: Mapping[int, tuple[str, ...]],
    run: queries.RunRow | None,
) -> list[Row]:
    """The list; what those add who were chosen before by another measure is left out."""
    names, firm = names_of(actor, [one.fan for one in everyone]), _firm(run)
    in_money, of = run is not None and run.in_money, minor_of(run)
    return [
        Row(
            one.fan,
            visible_name(names.get(one.fan), fan_number(one.fan)),
            one.chosen_rank,
            one.state,
            one.marginal / of if one.in_money == in_money and one.marginal is not None else None,
            firm.get(str(one.fan)),
            one.influence.band if one.influence else None,
            one.influence.weight if one.influence else None,
            one.influence.direct if one.influence else None,
            one.influence.second if one.influence else None,
            one.influence.platform if one.influence else None,
            one.influence.community if one.influence else None,
            why[one.fan],
            one.decided_by,
            one.decided_at,
        )
        for one in everyone
    ]


def _why(actor: Actor, engine: Engine, some: Sequence[queries.AmbassadorRow]) -> dict[int, tuple[str, ...]]:
    """By fan: that they look like a share farm; what a person said against them, or why their choice took them."""
    suspects = screened_among(actor, engine, [one.fan for one in some])
    called = names_by_community(community_faces(actor, engine))
    known = whys(actor, {one.run for one in some})
    nothing = WhyChosen((), True, 0)
    return {
        one.fan: (
            *((sentence("screened"),) if one.fan in suspects else ()),
            *((one.reason,) if one.reason else said(known.get((one.run, one.fan), nothing), called)),
        )
        for one in some
    }


def _states(rows: Sequence[Row], current: str) -> list[dict[str, object]]:
    shown: list[dict[str, object]] = [
        {"key": "", "label": _("All"), "count": len(rows), "current": current == ""}
    ]
    for state in STATES:
        count = sum(1 for row in rows if row.state == state)
        label = words.word(words.STATES, state)
        shown.append({"key": state, "label": label, "count": count, "current": current == state})
    return shown


def _figures(
    run: queries.RunRow, everyone: Sequence[queries.AmbassadorRow], shares: Coverage
) -> list[Figure]:
    span = _("under the model; middle %(n)s") % {"n": written.number(run.spread)}
    decided = sum(1 for one in everyone if one.state != "shortlisted")
    return [
        Figure(
            _("Expected to be moved"),
            f"{written.number(run.low)}–{written.number(run.high)}",
            href="#list",
            unit=unit_of(run),
            side="social",
            note=span,
            coverage=shares,
        ),
        Figure(
            _("Chosen"),
            written.number(len(run.seeds)),
            "#list",
            _("fans"),
            note=_("of %(n)s who have ties") % {"n": written.number(run.people)},
        ),
        Figure(_("Ties behind the choice"), written.number(run.ties), href=reverse("map"), side="social"),
        Figure(_("Decided by a person"), written.number(decided), href="#list"),
    ]


def _curve(run: queries.RunRow) -> Chart:
    adds = [marginal for _fan, marginal in run.seeds]
    return Chart(
        "marginal",
        "lines",
        _(
            "Expected to be moved by the first one, two, three … of the list; it flattens where more add little"
        ),
        _("fans invited"),
        unit_of(run),
        list(range(1, len(adds) + 1)),
        [Series(_("in all"), [round(total, 2) for total in accumulate(adds)], "social")],
    )
