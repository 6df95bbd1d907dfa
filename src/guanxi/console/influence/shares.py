"""Share links: which pages are passed on, what became of every opening, and what was recognised as none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.front_door import FrontDoor, front_door
from guanxi.console.influence import trials as inviting
from guanxi.console.show import show, this_moment
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.lake.sight import lake_for
from guanxi.listen.shares import queries
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.actions_trials import begin_trial, end_trial
from guanxi.listen.shares.queries import Outcome, PageRow
from guanxi.listen.shares.verdicts import OPENINGS, Verdict
from guanxi.measurement.queries_sharing import sharing_results
from guanxi.records.actor import Permission
from guanxi.records.register import Place

VERDICTS: Mapping[Verdict, Promise] = {
    Verdict.COUNTED: gettext_lazy("counted"),
    Verdict.SELF: gettext_lazy("their own link"),
    Verdict.REPEAT: gettext_lazy("opened again"),
    Verdict.LATER: gettext_lazy("had come through another share"),
    Verdict.SAME_DEVICE: gettext_lazy("same device"),
    Verdict.BURST: gettext_lazy("burst from one network"),
    Verdict.SNAPSHOT: gettext_lazy("WeChat's snapshot page"),
    Verdict.ROBOT: gettext_lazy("robot or link preview"),
    Verdict.PREFETCH: gettext_lazy("fetched ahead"),
    Verdict.LOOKED: gettext_lazy("only the head was asked for"),
    Verdict.REDIRECTED: gettext_lazy("sent to the page"),
    Verdict.CONFIRMED: gettext_lazy("sent, and seen at the page"),
    Verdict.ARRIVED: gettext_lazy("page views"),
    Verdict.LEFT: gettext_lazy("page views with dwell"),
}
PAGES = (
    Column(
        "content",
        gettext_lazy("Content"),
        href=lambda row: reverse("shared_page", args=[row.page]),
    ),
    Column("account", gettext_lazy("Account")),
    Column(
        "counted", gettext_lazy("Opened"), "number", "social", narrow=True, of=lambda row: row.outcome.counted
    ),
    Column("passed_on", gettext_lazy("Passed it on"), "number", "social", narrow=True),
    Column("deepest", gettext_lazy("Hands, at most"), "number", "social"),
    Column(
        "uncounted",
        gettext_lazy("Shown, not counted"),
        "number",
        "social",
        narrow=True,
        of=lambda row: row.outcome.uncounted,
    ),
    Column("offered", gettext_lazy("Given links"), "number", "social", optional=True),
    Column("address", gettext_lazy("Page"), "wrap", sortable=False),
)
CAMPAIGN = Column("campaign", gettext_lazy("Campaign"), narrow=True)
CAME = Column("came", gettext_lazy("Came through it first"), "number", "social", narrow=True)
MADE = Column("made_at", gettext_lazy("Since"), "moment", narrow=True)


def _links(door: FrontDoor) -> tuple[Column, ...]:
    """The columns of the brand's own links, which are written whole, so that they can be given out."""
    address = Column(
        "token", gettext_lazy("Link"), "copied", sortable=False, of=lambda row: door.at(f"/s/{row.token}")
    )
    return (address, CAMPAIGN, CAME, MADE)


def _verdict_column(verdict: Verdict) -> Column:
    always = verdict in (Verdict.COUNTED, Verdict.SELF, Verdict.REPEAT, Verdict.LATER, Verdict.ROBOT)
    return Column(
        verdict.value,
        VERDICTS[verdict],
        "number",
        "social",
        narrow=verdict is Verdict.COUNTED,
        optional=not always,
        of=lambda row: row.outcome.n(verdict),
    )


DAYS = (Column("day", gettext_lazy("Day"), "day"), *(_verdict_column(verdict) for verdict in Verdict))


@page(Permission.SEE_SOCIAL)
def shares(request: Asked) -> HttpResponseBase:
    """Every page that is shared, the most opened first, and the form for another link."""
    rows = queries.shared_pages(request.actor)
    return show(
        request,
        "console/influence/shares.html",
        "shares",
        any=bool(rows),
        door=front_door(),
        figures=_figures(rows),
        platforms=list(words.PLATFORMS.items()),
        seek=_("A content, an account, an address"),
        table=whole_table(request, PAGES, wish_of(request, sort="counted"), rows),
    )


@page(Permission.SEE_SOCIAL)
def shared_page(request: Asked, pk: int) -> HttpResponseBase:
    """What became of every opening of one page, and the brand's own links to it."""
    row = queries.shared_page(request.actor, pk)
    lots = queries.trials_of(request.actor, pk)
    door = front_door()
    numbers = {lot.trial for lot in lots}
    with lake_for(request.actor) as engine:
        tried = [one for one in sharing_results(request.actor, engine) if one.trial in numbers]
    return show(
        request,
        "console/influence/shared_page.html",
        "shares",
        row=row,
        door=door,
        script=f'<script async src="{door.at("/guanxi.js")}"></script>',
        figures=_figures([row]),
        verdicts=[(VERDICTS[v], row.outcome.n(v)) for v in OPENINGS if row.outcome.n(v)],
        running=next((lot for lot in lots if lot.ended_at is None), None),
        trials=inviting.shown(tried),
        links=whole_table(request, _links(door), wish_of(request), queries.brand_links(request.actor, pk)),
        table=whole_table(request, DAYS, wish_of(request, sort="day"), queries.days_of(request.actor, pk)),
    )


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def make_link(request: Asked) -> HttpResponseBase:
    """The brand has a link to give out."""
    typed = request.POST
    token = make_share_link(
        request.actor,
        Place(typed.get("platform", ""), typed.get("account", "")),
        typed.get("content", ""),
        typed.get("address", ""),
        this_moment(),
        typed.get("campaign"),
        typed.get("has_script") == "yes",
    )
    told = _("The link is %(link)s. It works within five seconds.") % {"link": front_door().at(f"/s/{token}")}
    messages.success(request, told)
    return back(request, reverse("shares"))


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def begin_lots(request: Asked, pk: int) -> HttpResponseBase:
    """Some viewers of the page's content are invited to share, by lot."""
    typed = request.POST.get("percent", "")
    begin_trial(request.actor, pk, int(typed) if typed.isascii() and typed.isdigit() else 0, this_moment())
    messages.success(request, _("Lots are drawn for whoever comes, within five seconds."))
    return back(request, reverse("shared_page", args=[pk]))


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def end_lots(request: Asked, pk: int) -> HttpResponseBase:
    """Everybody new is invited again."""
    end_trial(request.actor, pk, this_moment())
    messages.success(request, _("Nobody draws any more."))
    return back(request, reverse("shared_page", args=[pk]))


def _figures(rows: Sequence[PageRow]) -> list[Figure]:
    whole = Outcome({v.value: sum(row.outcome.n(v) for row in rows) for v in Verdict})
    sent = whole.n(Verdict.REDIRECTED)
    seen = Coverage(whole.n(Verdict.CONFIRMED), sent or None, _("people whom a link sent to a page"), 0.0)
    views = whole.n(Verdict.ARRIVED)
    dwell = Coverage(whole.n(Verdict.LEFT), views or None, _("page views, to their end"), 0.0)
    passed = sum(row.passed_on for row in rows)
    return [
        Figure(
            _("Opened by somebody else"),
            written.number(whole.counted),
            "#sheet",
            side="social",
            coverage=seen,
        ),
        Figure(_("Passed it on"), written.number(passed), "#sheet", side="social"),
        Figure(_("Shown, not counted"), written.number(whole.uncounted), "#sheet", side="social"),
        Figure(_("Page views"), written.number(views), "#sheet", side="social", coverage=dwell),
    ]
