"""One fan: who is this, and why do they matter? Ripples, scores with their activities, timeline, facts, links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.consent import queries as consent
from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.columns import Column
from guanxi.console.figures import SHARES, Coverage, Figure
from guanxi.console.influence.screening import screening_of
from guanxi.console.people.faces import fact_groups, fan_title, named_links
from guanxi.console.people.fans import trace_href
from guanxi.console.people.groups import group_title
from guanxi.console.people.why import why_of
from guanxi.console.reasons import sentence
from guanxi.console.ripples import ripples
from guanxi.console.show import last_round, show
from guanxi.console.tables import Table, whole_table
from guanxi.console.trust.treatments import given_to
from guanxi.console.wish import Wish, wish_of
from guanxi.correlation import queries as correlation
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import known_until
from guanxi.lake.sight import lake_for
from guanxi.loyalty.queries import members
from guanxi.outreach.queries.people import MessageRow, messages_of
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries import cards, coverage, groups
from guanxi.social.queries.asking import names_of
from guanxi.vocabulary.activity import CAMPAIGN, Kind
from guanxi.vocabulary.facts import FactRow
from guanxi.vocabulary.ids import Side, identity
from guanxi.vocabulary.reasons import Refused

TIMELINE_SHOWN = 10
LINKS = (
    Column("customer_name", gettext_lazy("Customer"), href=lambda row: reverse("link", args=[row.id])),
    Column("probability", gettext_lazy("Probability"), "bar", "link"),
    Column("state", gettext_lazy("State"), "state"),
)
MOVES = (
    Column("name", gettext_lazy("Whom"), href=lambda row: reverse("fan", args=[row.fan])),
    Column(
        "successes",
        gettext_lazy("Moved"),
        "number",
        unit=gettext_lazy("times"),
        href=lambda row: reverse("tie", args=[row.by, row.fan]),
    ),
    Column("opportunities", gettext_lazy("Of occasions"), "number"),
    Column("probability", gettext_lazy("Chance"), "bar", "social"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One activity of a month with its share of the widest."""

    label: str
    count: int
    width: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline."""

    happened_at: datetime
    text: str
    note: str
    tone: str


@dataclass(frozen=True, slots=True)
class NamedTie:
    """Whom the fan moves, how often, of how many occasions (None: nobody counted them), and how likely again."""

    by: int
    fan: int
    name: str
    successes: int
    opportunities: int | None
    probability: float


@page(Permission.SEE_SOCIAL)
def fan(request: Asked, pk: int) -> HttpResponseBase:
    """The fan's card."""
    actor, wish = request.actor, wish_of(request)
    with lake_for(actor) as engine:
        card = cards.fan_card(actor, engine, pk)
        heard = cards.fan_timeline(actor, engine, pk)
        unknown = _unknown(actor, engine, card.facts)
        context: dict[str, object] = {}
        influence_figures: list[Figure] = []
        if actor.may(Permission.SEE_INFLUENCE):
            context, influence_figures = _influence(request, engine, wish, pk)
    scores = sorted(card.months, key=lambda score: score.month)
    last = scores[-1] if scores else None
    told = messages_of(actor, [identity(Side.SOCIAL, pk)]) if actor.may(Permission.SEE_CAMPAIGNS) else ()
    timeline = _timeline(heard, told, _said(actor, pk))
    return show(
        request,
        "console/people/fan.html",
        "fans",
        as_of=known_until(Side.SOCIAL, "score"),
        card=card,
        title=fan_title(pk, card.name),
        figures=[*_scores(pk, scores), *influence_figures, *_points(actor, pk)],
        month=last.month if last else None,
        parts=_bars(last),
        timeline=timeline[:TIMELINE_SHOWN],
        earlier=timeline[TIMELINE_SHOWN:],
        facts=fact_groups(card.facts),
        unknown=unknown,
        links=_links(request, wish, pk),
        groups=[(one.group, group_title(one.group, one.name)) for one in groups.groups_of_fan(actor, pk)],
        tags=groups.tags_of_fan(actor, pk),
        may_tag=actor.may(Permission.CHANGE_SEGMENTS),
        **context,
    )


def _unknown(actor: Actor, engine: Engine, facts: Iterable[FactRow]) -> list[str]:
    """What is known of other fans and not of this one."""
    known = {fact.name for fact in facts}
    return [word for word in coverage.facts(actor, engine) if word not in known]


def _influence(request: Asked, engine: Engine, wish: Wish, pk: int) -> tuple[dict[str, object], list[Figure]]:
    found = influence.ripples_of(request.actor, engine, pk)
    passed = influence.coverage(request.actor, engine)
    known = found.influence
    seen = passed.share
    why, figures = why_of(request.actor, engine, pk, found, last_round().date())
    shown: dict[str, object] = {
        "known": known,
        "ripples": ripples(known.direct if known else 0, known.second if known else 0, seen),
        "ripple_coverage": Coverage(passed.named, passed.passed_on, SHARES, floor=0.0),
        "moves": whole_table(request, MOVES, wish, _named_ties(request.actor, found.moves)),
        "treatment": given_to(known.band) if known else None,
        "weight_why": why if known and known.direct else None,
        "screening": screening_of(request.actor, engine, pk),
    }
    return shown, figures


def _named_ties(actor: Actor, ties: Sequence[influence.TieRow]) -> list[NamedTie]:
    names = names_of(actor, [tie.influenced for tie in ties])
    return [
        NamedTie(
            tie.influencer,
            tie.influenced,
            fan_title(tie.influenced, names.get(tie.influenced, "")),
            tie.successes,
            None if tie.credited else tie.opportunities,
            tie.probability,
        )
        for tie in ties
    ]


def _scores(pk: int, scores: Sequence[cards.MonthScore]) -> list[Figure]:
    last = scores[-1] if scores else None
    campaign = tuple(score.campaign for score in scores)
    daily = tuple(score.daily for score in scores)
    return [
        _score(pk, _("Campaign activity"), last.campaign if last else 0, last, campaign),
        _score(pk, _("Daily activity"), last.daily if last else 0, last, daily),
    ]


def _score(
    fan: int, label: str, value: int, last: cards.MonthScore | None, curve: tuple[float, ...]
) -> Figure:
    month = written.month_in_words(last.month) if last else ""
    shown = curve if len(curve) > 1 else ()
    href = trace_href(fan, written.day(last.month)) if last else ""
    return Figure(
        label, written.tenths(value), href, unit=_("points"), side="social", note=month, spark=shown
    )


def _points(actor: Actor, fan: int) -> Iterator[Figure]:
    if not actor.may(Permission.SEE_LOYALTY):
        return
    code = identity(Side.SOCIAL, fan)
    try:
        held = members.statement(actor, code, limit=1)
    except Refused:
        return
    href = reverse("statement", args=[code])
    yield Figure(words.word(words.POINTS, "love"), written.number(held.love), href, side="love")
    yield Figure(words.word(words.POINTS, "spend"), written.number(held.spend), href, side="money")


def _bars(month: cards.MonthScore | None) -> list[Bar]:
    if month is None:
        return []
    done = [(part.kind, part.n) for part in month.parts]
    moved = [(f"moved_{part.kind}", part.moved) for part in month.parts if part.kind in words.MOVED_TO]
    counted = [one for one in (*moved, *done) if one[1]]
    most = max((n for _, n in counted), default=1)
    told = {**words.KINDS, **words.MOVED}
    return [Bar(words.word(told, kind), n, round(n / most * 100)) for kind, n in counted]


def _timeline(
    heard: Sequence[cards.TimelineRow], told: Sequence[MessageRow], said: Iterable[Moment]
) -> list[Moment]:
    entries = [*(_heard(row) for row in heard), *(_told(row) for row in told), *said]
    return sorted(entries, key=lambda entry: entry.happened_at, reverse=True)


def _heard(row: cards.TimelineRow) -> Moment:
    what = words.word(words.KINDS, row.kind)
    if row.title:
        what = _("%(did)s “%(title)s”") % {"did": what, "title": row.title}
    if row.moved and row.other:
        text = _("moved %(whom)s: %(did)s") % {"whom": fan_title(row.other, row.other_name), "did": what}
    elif row.other:
        text = _("%(did)s, through %(whom)s") % {"did": what, "whom": fan_title(row.other, row.other_name)}
    else:
        text = what
    tone = "campaign" if row.moved or row.kind in CAMPAIGN or row.kind == Kind.SHARED else "social"
    note = " · ".join(filter(None, (words.word(words.PLATFORMS, row.platform), row.campaign)))
    return Moment(row.happened_at, text, note, tone)


def _told(row: MessageRow) -> Moment:
    kept_back = row.state in words.VERDICTS
    state = words.word(words.VERDICTS if kept_back else words.STATES, row.state)
    text = _("message “%(name)s”: %(state)s") % {"name": row.name, "state": state}
    return Moment(row.told_at, text, in_words(row.reasons), "withheld" if kept_back else "sent")


def _said(actor: Actor, pk: int) -> Iterator[Moment]:
    """What the fan allowed and withdrew: what was said in one moment is one entry."""
    if not actor.may(Permission.SEE_PERSONAL):
        return
    said = consent.words_of(actor, [identity(Side.SOCIAL, pk)])
    for (moment, granted, channel), found in groupby(
        said, lambda one: (one.happened_at, one.granted, one.channel)
    ):
        purposes = _(", ").join(sorted({str(words.word(words.PURPOSES, one.purpose)) for one in found}))
        what = words.word(words.KINDS, Kind.CONSENTED if granted else Kind.WITHDREW)
        yield Moment(moment, what, f"{purposes} · {words.word(words.CHANNELS, channel)}", "social")


def in_words(codes: Iterable[str]) -> str:
    """Reasons as one sentence."""
    return _("; ").join(sentence(code) for code in codes)


def _links(request: Asked, wish: Wish, pk: int) -> Table | None:
    if not request.actor.may(Permission.SEE_LINKS):
        return None
    rows = correlation.links_of(request.actor, Side.SOCIAL, pk)
    return whole_table(request, LINKS, wish, named_links(request.actor, rows))
