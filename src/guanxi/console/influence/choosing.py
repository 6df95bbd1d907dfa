"""Choosing ambassadors again, and trying others: the settings of a choice, how far it is, what others would reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.composition import jobs
from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.act.faces import fan_number, visible_name
from guanxi.console.columns import Column
from guanxi.console.influence.counted import currency_of, in_units, minor_of, reached_in_units, unit_of
from guanxi.console.reasons import sentence
from guanxi.console.show import show, this_moment
from guanxi.console.tables import Table, whole_table
from guanxi.console.wish import Wish
from guanxi.influence import queries
from guanxi.influence.choosing import queries as queries_choice
from guanxi.influence.choosing.actions import ask_choice
from guanxi.influence.choosing.choice import OBJECTIVES, Wanted
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.fans import fans_called
from guanxi.vocabulary.reasons import Refused

FOUND, LOOKED_THROUGH = 8, 200
BANDS = ("igniter", "amplifier", "participant", "listener")
GOALS: Mapping[str, Promise] = {
    "new_customers": gettext_lazy("people who are not customers yet"),
    "everybody": gettext_lazy("everybody"),
    "value": gettext_lazy("everybody by what they spent so far"),
}
TODAY: Mapping[str, Promise] = {
    "customers": gettext_lazy("who is a customer"),
    "spent": gettext_lazy("what people spent"),
    "audience": gettext_lazy("who cares about the topic or lives in the city"),
    "excluded": gettext_lazy("who may not be chosen"),
    "ambassadors": gettext_lazy("who is an ambassador"),
    "bands": gettext_lazy("the bands that costs go by"),
    "communities": gettext_lazy("who belongs to which community"),
}
STEPS: Mapping[str, Promise] = {
    "waiting": gettext_lazy("waiting for its turn"),
    "reading": gettext_lazy("reading the ties"),
    "choosing": gettext_lazy("choosing"),
    "backtest": gettext_lazy("asking the past"),
    "certainty": gettext_lazy("running it again on ties a little otherwise"),
}
PASSED = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("fan", args=[row.fan])),
    Column("alone", gettext_lazy("Alone"), "decimal", "social", unit=gettext_lazy("people"), narrow=True),
    Column(
        "further", gettext_lazy("Would add"), "decimal", "social", unit=gettext_lazy("people"), narrow=True
    ),
    Column("why", gettext_lazy("Why not"), "reasons", sortable=False),
)


@dataclass(frozen=True, slots=True)
class PassedRow:
    """A well-known fan who is not on the list."""

    fan: int
    name: str
    alone: float
    further: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One fan of a list that is tried."""

    name: str
    href: str
    adds: float
    other: str
    chosen: bool


@page(Permission.DECIDE_AMBASSADORS, deed=True)
def choose_again(request: Asked) -> HttpResponseBase:
    """A choice with these settings is asked for; a job makes it."""
    now = this_moment()
    run = ask_choice(request.actor, _wanted(request.POST), now)
    jobs.ambassadors.defer(run=run, timestamp=int(now.timestamp()))
    messages.success(request, _("Asked: the list changes when the choice is done."))
    return back(request, reverse("ambassadors"))


@page(Permission.SEE_CUSTOMERS)
def try_others(request: Asked) -> HttpResponseBase:
    """What the list would reach with some people more or fewer; others are found by name or number."""
    run = queries.latest_run(request.actor)
    chosen = [] if run is None else [fan for fan, _adds in run.seeds]
    without, added = (_numbers(request.GET, name) for name in ("without", "with"))
    people = [fan for fan in chosen if fan not in without] + [fan for fan in added if fan not in chosen]
    sought = request.GET.get("q", "").strip()[:200]
    called = [one for one in fans_called(request.actor, sought, LOOKED_THROUGH) if one[0] not in people]
    with lake_for(request.actor) as engine:
        run = in_units(run, currency_of(request.actor, engine))
        before = reached_in_units(queries_choice.what_if(request.actor, engine, chosen), run)
        after = reached_in_units(queries_choice.what_if(request.actor, engine, people), run)
        would = queries_choice.further(request.actor, engine, people, [fan for fan, _name in called])
    called = sorted(called, key=lambda one: -would.get(one[0], 0.0))[:FOUND]
    names = names_of(request.actor, [*chosen, *people])
    adds = dict(zip(people, after.adds if after else (), strict=False))
    return show(
        request,
        "console/influence/try_others.html",
        "ambassadors",
        unit=unit_of(run),
        before=before,
        after=after,
        change=after.spread - before.spread if before and after else 0.0,
        kept=[("without", fan) for fan in without] + [("with", fan) for fan in added],
        sought=sought,
        found=[
            _tried(fan, {fan: name}, would.get(fan, 0.0) / minor_of(run), without, added, fan in chosen)
            for fan, name in called
        ],
        on=[_tried(fan, names, adds[fan], without, added, fan in chosen) for fan in people if fan in adds],
        off=[_tried(fan, names, 0.0, without, added, True) for fan in chosen if fan in without],
    )


def settings_of(actor: Actor, engine: Engine, run: queries.RunRow | None) -> dict[str, Any]:
    """What the form of a new choice shows: the last settings, and what may be picked."""
    wanted = run.asked if run else Wanted()
    offered = queries_choice.choice_words(actor, engine)
    goals = [g for g in OBJECTIVES if g != "value" or actor.may(Permission.SEE_CUSTOMERS)]
    return {
        "wanted": wanted,
        "goals": [(goal, words.word(GOALS, goal)) for goal in goals],
        "bands": [(band, words.word(words.BANDS, band), wanted.costs.get(band, 0)) for band in BANDS],
        "kept_out": ", ".join(wanted.kept_out),
        "offered": offered,
    }


def progress_of(actor: Actor) -> dict[str, Any] | None:
    """How far a choice is that is not done, in words."""
    found = queries_choice.under_way(actor)
    if found is None:
        return None
    refused = sentence(found.refusal) if found.state == "refused" else ""
    return {"step": words.word(STEPS, found.step or "waiting"), "refused": refused}


def passed_table(request: Asked, run: queries.RunRow) -> Table | None:
    """The well-known fans who are not on the list; None where nothing is known of them."""
    found = run.found.get("passed", [])
    if not found:
        return None
    names = names_of(request.actor, [one["fan"] for one in found])
    rows = [
        PassedRow(
            one["fan"],
            visible_name(names.get(one["fan"]), fan_number(one["fan"])),
            one["alone"],
            one["further"],
            (one["why"],),
        )
        for one in found
    ]
    counted = [replace(one, unit=unit_of(run)) if one.unit else one for one in PASSED]
    return whole_table(request, counted, Wish(sort="alone"), rows)


def said_of(run: queries.RunRow | None) -> dict[str, object]:
    """What is said beside a choice, as sentences; nothing where there is none."""
    if run is None:
        return {}
    notes = [note for note in (on_topic(run), beyond_ties(run)) if note]
    today = taken_as_today(run) if run.backtest else ""
    return {"certain": certain(run), "for_worst": for_worst(run), "notes": notes, "as_today": today}


def for_worst(run: queries.RunRow) -> str:
    """What the list does in the worst of the worlds it was chosen for, as a sentence; empty where it was not."""
    worst = run.found.get("worst")
    if not worst:
        return ""
    said = _(
        "Chosen for the worst case: in %(worlds)s worlds where some fans move others more, and some less, than it "
        "looks, this list moves %(spread)s %(unit)s in the worst; the list that looks best would move %(plain)s in "
        "its worst. That is at least %(share)s of what any list could be sure of."
    )
    return said % {
        "unit": unit_of(run),
        "worlds": worst["worlds"],
        "spread": written.number(worst["spread"]),
        "plain": written.number(worst["plain"]),
        "share": written.share(worst["guarantee"]),
    }


def beyond_ties(run: queries.RunRow) -> str:
    """How much of what is expected goes to people whom no tie names, as a sentence; empty where nothing does."""
    unseen = run.found.get("unseen", 0.0)
    if unseen < 1:
        return ""
    said = _(
        "Of this, %(n)s (%(unit)s) are expected beyond the ties: going by how many somebody moves on one occasion, "
        "more listen than were ever seen to be moved. They are counted, never named."
    )
    return said % {"n": written.number(unseen), "unit": unit_of(run)}


def on_topic(run: queries.RunRow) -> str:
    """What chances the choice went by, as a sentence; empty where no topic was asked for."""
    if not run.asked.topic:
        return ""
    strength = run.found.get("topic_strength")
    if not strength:
        return _("Too few fans shared anything on this topic: chances are those of all topics.")
    said = _(
        "Chances are those on this topic: what each fan moved on it, leaning on what they move in all. "
        "From that, fans typically differ here by a factor of %(factor)s."
    )
    return said % {"factor": written.number(1 + strength**-0.5, 1)}


def taken_as_today(run: queries.RunRow) -> str:
    """What the back-test took as it is today, as a sentence; empty where the past said it all."""
    terms = [words.word(TODAY, term) for term in run.found.get("as_today", ())]
    if not terms:
        return ""
    said = _(
        "The past was asked on the same terms; what it does not say was taken as it is today: %(terms)s."
    )
    return said % {"terms": _("; ").join(terms)}


def certain(run: queries.RunRow) -> str:
    """How fragile the choice is, as a sentence."""
    sure = run.found.get("certainty")
    if not sure:
        return ""
    firm = sum(1 for share in sure["chosen"].values() if share >= 0.8)
    said = _(
        "Were the ties a little otherwise than they look: the choice was run again %(worlds)s times on ties drawn "
        "from what is known of them. %(firm)s of the %(k)s on the list are chosen in at least four of five re-runs; "
        "there the list moves %(low)s to %(high)s %(unit)s."
    )
    low, high = written.number(sure["low"]), written.number(sure["high"])
    chosen = {"firm": firm, "k": len(sure["chosen"]), "unit": unit_of(run)}
    return said % {"worlds": sure["worlds"], "low": low, "high": high, **chosen}


def _wanted(form: QueryDict) -> Wanted:
    budget, community = form.get("budget", "").strip(), form.get("community_max", "").strip()
    costs = {band: _whole(form.get(f"cost_{band}", "").strip() or "0") for band in BANDS}
    return Wanted(
        objective=form.get("objective", ""),
        k=_whole(form.get("k", "").strip()),
        topic=form.get("topic", "").strip()[:200],
        city=form.get("city", "").strip()[:200],
        costs=costs if budget else {},
        budget=_whole(budget) if budget else None,
        community_max=_whole(community) if community else None,
        robust=form.get("robust") == "on",
        kept_out=tuple(tag.strip() for tag in form.get("kept_out", "")[:1000].split(",") if tag.strip()),
    )


def _whole(text: str) -> int:
    if not (text.removeprefix("-").isdecimal() and len(text) <= 15):
        raise Refused("number_unreadable", text[:40])
    return int(text)


def _numbers(asked: QueryDict, name: str) -> list[int]:
    """The fans named, each once, in order; what is no number names nobody."""
    found = [int(text) for text in asked.getlist(name) if text.strip().isdecimal() and len(text) <= 15]
    return list(dict.fromkeys(found))


def _turned(fans: list[int], fan: int) -> list[int]:
    """The fans without this one, or with them where they were not among them."""
    return [f for f in fans if f != fan] if fan in fans else [*fans, fan]


def _tried(
    fan: int, names: Mapping[int, str], adds: float, without: list[int], added: list[int], chosen: bool
) -> Tried:
    """One fan with the address of the page on which they are the other way round."""
    if chosen:
        without = _turned(without, fan)
    else:
        added = _turned(added, fan)
    asked = [("without", f) for f in without] + [("with", f) for f in added]
    other = reverse("try_ambassadors") + ("?" + urlencode(asked) if asked else "")
    return Tried(
        visible_name(names.get(fan), fan_number(fan)), reverse("fan", args=[fan]), adds, other, chosen
    )
