"""The segment builder: text and pills side by side, counted while one types, with what is known of each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audiences import actions, queries
from guanxi.console import written
from guanxi.console.access import Asked, page
from guanxi.console.act.choices import inputs_for, whats
from guanxi.console.act.clauses import Bunch, Clause, worded
from guanxi.console.act.composing import added, condition_of, without
from guanxi.console.act.segments import SUBJECTS
from guanxi.console.figures import Coverage
from guanxi.console.reasons import sentence
from guanxi.console.show import last_round, show, this_moment
from guanxi.lake.engine import Engine
from guanxi.lake.sight import lake_for
from guanxi.question.describe import describe
from guanxi.question.nodes import Question
from guanxi.question.parser import parse
from guanxi.records.actor import Permission
from guanxi.social.queries.coverage import facts as known_facts
from guanxi.vocabulary.reasons import Refused

FIRST = "not unfollowed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a question that is being typed: its pills and count, or why it can't be asked."""

    tree: Clause | Bunch | None = None
    size: str = ""
    subject: object = ""
    coverage: Coverage | None = None
    wrong: str = ""


@page(Permission.CHANGE_SEGMENTS)
def new_segment(request: Asked) -> HttpResponseBase:
    """An empty builder, or one that begins with the question in the address."""
    text = request.GET.get("text", "")[:8000] or FIRST
    return _bench(request, text, name=request.GET.get("name", "")[:80])


@page(Permission.CHANGE_SEGMENTS)
def edit_segment(request: Asked, pk: int) -> HttpResponseBase:
    """The builder with a segment's question."""
    found = queries.segment(request.actor, pk)
    return _bench(request, found.text, name=found.name, segment=found)


@page(Permission.SEE_SEGMENTS, deed=True)
def count_question(request: Asked) -> HttpResponseBase:
    """The pills and the count of what is typed; nothing is stored."""
    with lake_for(request.actor) as engine:
        answer = _answer(request, engine, request.POST.get("text", ""))
    return render(request, "console/act/answer.html", {"answer": answer})


@page(Permission.SEE_SEGMENTS, deed=True)
def compose_question(request: Asked) -> HttpResponseBase:
    """The question with a condition more or less, as text, pills and count; nothing is stored."""
    text, wrong = request.POST.get("text", ""), ""
    try:
        text = _composed(text, request.POST.dict())
    except Refused as refusal:
        wrong = sentence(refusal.code, refusal.detail)
    return render(request, "console/act/workbench.html", {**_parts(request, text), "wrong": wrong})


@page(Permission.SEE_SEGMENTS)
def condition_inputs(request: Asked) -> HttpResponseBase:
    """What can be said of the chosen field: comparisons and values that fit it."""
    what = request.GET.get("what", "")
    if what.partition(":")[0] != "fact":
        return render(request, "console/act/inputs.html", _inputs(what, ()))
    with lake_for(request.actor) as engine:
        facts = known_facts(request.actor, engine)
    return render(request, "console/act/inputs.html", _inputs(what, facts))


@page(Permission.CHANGE_SEGMENTS, deed=True)
def save_segment(request: Asked) -> HttpResponseBase:
    """A segment of that name asks the question and has its members."""
    text, name = request.POST.get("text", ""), request.POST.get("name", "")
    try:
        return _saved(request, name, parse(text))
    except Refused as refusal:
        if refusal.code == "not_permitted":
            raise
        messages.error(request, sentence(refusal.code, refusal.detail))
        found = _edited(request)
        return _bench(request, text, name=name, segment=found, status=400)


@page(Permission.CHANGE_SEGMENTS, deed=True)
def evaluate_segment(request: Asked, pk: int) -> HttpResponseBase:
    """The members are those for whom the question holds as of the last round."""
    with lake_for(request.actor) as engine:
        counted = actions.evaluate_segment(request.actor, engine, pk, last_round())
    messages.success(request, _("Asked again: %(n)s members.") % {"n": written.number(counted.size)})
    return HttpResponseRedirect(reverse("segment", args=[pk]))


@page(Permission.CHANGE_SEGMENTS, deed=True)
def archive_segment(request: Asked, pk: int) -> HttpResponseBase:
    """The segment is no longer offered, and nobody is in it."""
    actions.archive_segment(request.actor, pk, this_moment())
    messages.success(request, _("The segment is put away."))
    return HttpResponseRedirect(reverse("segments"))


def _bench(
    request: Asked, text: str, name: str = "", segment: queries.SegmentRow | None = None, status: int = 200
) -> HttpResponseBase:
    answer = show(
        request,
        "console/act/builder.html",
        "segments",
        as_of=last_round(),
        name=name,
        segment=segment,
        **_parts(request, text),
    )
    answer.status_code = status
    return answer


def _parts(request: Asked, text: str) -> dict[str, Any]:
    with lake_for(request.actor) as engine:
        answer = _answer(request, engine, text)
        facts = known_facts(request.actor, engine)
    return {"text": text, "answer": answer, "whats": whats(request.actor), **_inputs("fact:", facts)}


def _answer(request: Asked, engine: Engine, text: str) -> Answer:
    if not text.strip():
        return Answer(wrong=_("Write a question, or add a condition."))
    try:
        return _counted(request, engine, parse(text))
    except Refused as refusal:
        return Answer(wrong=sentence(refusal.code, refusal.detail))


def _counted(request: Asked, engine: Engine, question: Question) -> Answer:
    counted = queries.count_question(request.actor, engine, question, last_round())
    known = {
        place: (one.known, one.known / counted.asked if counted.asked else None)
        for place, one in enumerate(counted.conditions, start=1)
    }
    subject = SUBJECTS[question.subject.value]
    return Answer(
        worded(describe(question), known),
        written.number(counted.size),
        subject,
        Coverage(counted.decided, counted.asked, subject, floor=0.0),
    )


def _composed(text: str, chosen: dict[str, str]) -> str:
    if chosen.get("drop", "").isdecimal():
        return without(text, int(chosen["drop"]))
    return added(text, condition_of(chosen), chosen.get("joiner", "and"))


def _inputs(what: str, facts: Sequence[str]) -> dict[str, Any]:
    return {"what": what, "inputs": inputs_for(what), "facts": facts}


def _saved(request: Asked, name: str, question: Question) -> HttpResponseRedirect:
    found = _edited(request)
    if found is None:
        pk = actions.create_segment(request.actor, name, question, this_moment())
    else:
        pk, seen = found.id, request.POST.get("version", "")
        version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
        actions.change_segment(request.actor, pk, version, name, question, this_moment())
    with lake_for(request.actor) as engine:
        actions.evaluate_segment(request.actor, engine, pk, last_round())
    messages.success(request, _("The segment is saved, and its members are known."))
    return HttpResponseRedirect(reverse("segment", args=[pk]))


def _edited(request: Asked) -> queries.SegmentRow | None:
    pk = request.POST.get("segment", "")
    return queries.segment(request.actor, int(pk)) if pk.isdecimal() and len(pk) < 18 else None
