"""Inbox: who waits for a human? By promise and window left, not by arrival; and what was marked as answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.console import words, written
from guanxi.console.access import Asked, back, page
from guanxi.console.choices import Choice, choice
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.people.faces import fan_title
from guanxi.console.show import show, this_moment
from guanxi.console.tables import whole_table
from guanxi.console.wish import Wish, wish_of
from guanxi.lake.sight import lake_for
from guanxi.outreach.actions.answers import mark_answered, unmark_answered
from guanxi.outreach.answering import Conversation
from guanxi.outreach.queries import inbox as waiting
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.answers import TELL
from guanxi.social.queries.asking import names_of
from guanxi.vocabulary.reasons import Refused

_DAY, _HOUR = timedelta(days=1), 60
_SHOWN = {"missed": gettext_lazy("Window closed")}
COLUMNS = (
    Column("name", gettext_lazy("Fan"), href=lambda row: reverse("conversation", args=[row.fan])),
    Column("standing", gettext_lazy("Answer"), "state", sortable=False, narrow=True),
    Column("due_at", gettext_lazy("Due"), "moment", narrow=True),
    Column(
        *("waits", gettext_lazy("Waits")), of=lambda row: duration(row.waits), sortable=False, narrow=True
    ),
    Column("band", gettext_lazy("Band"), "band", needs=Permission.SEE_INFLUENCE),
    Column("platform", gettext_lazy("Platform"), "platform", "social"),
    Column("messages", gettext_lazy("Messages"), "number", "social"),
    Column("first_at", gettext_lazy("Wrote first"), "moment", "social", optional=True),
    Column("last_at", gettext_lazy("Wrote last"), "moment", "social"),
    Column("closes_at", gettext_lazy("Window closes"), "moment"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One who waits, as the list shows it."""

    fan: int
    name: str
    standing: str
    due_at: datetime | None
    waits: timedelta
    band: str
    platform: str
    messages: int
    first_at: datetime
    last_at: datetime
    closes_at: datetime | None


@page(Permission.SEE_SOCIAL)
def inbox_page(request: Asked) -> HttpResponseBase:
    """Everybody who waits and can be answered, the soonest promise first; apart, whom the window has shut out."""
    wish, moment, actor = wish_of(request, sort="", descending=False), this_moment(), request.actor
    with lake_for(actor) as engine:
        found = waiting.inbox(actor, engine, moment)
    missed = bool(wish.chosen("show", _SHOWN))
    sees = actor.may(Permission.SEE_INFLUENCE)
    band = wish.chosen("band", words.BANDS) if sees else ""
    shown = [one for one in (found.missed if missed else found.open) if band in ("", one.band)]
    rows = rows_of(actor, shown, moment)
    return show(
        request,
        "console/act/inbox.html",
        "inbox",
        as_of=moment,
        any=bool(found.open or found.missed),
        figures=_figures(found, sees),
        choices=_choices(wish, sees),
        cut=found.missed_total > len(found.missed) if missed else found.waiting > len(found.open),
        marks=_marks(actor, waiting.marks(actor)),
        seek=_("Find a fan"),
        table=whole_table(request, COLUMNS, wish, rows),
    )


@page(Permission.SEE_SOCIAL)
def conversation_page(request: Asked, fan: int) -> HttpResponseBase:
    """What waits of one fan, whether the platform would tell of an answer, and the mark that it was given."""
    moment, actor = this_moment(), request.actor
    with lake_for(actor) as engine:
        try:
            found = waiting.conversation(actor, engine, fan, moment)
        except Refused:
            found = None
    return show(
        request,
        "console/act/conversation.html",
        "inbox",
        as_of=moment,
        fan=fan,
        title=fan_title(fan, names_of(actor, [fan]).get(fan, "")),
        one=rows_of(actor, [found], moment)[0] if found else None,
        tells=found is not None and found.platform in TELL,
        waits=duration(moment - found.first_at) if found else "",
        up_to=found.last_at.isoformat() if found else "",
        marks=_marks(actor, waiting.marks(actor, fan)),
    )


@page(Permission.ANSWER, deed=True)
def mark_as_answered(request: Asked, fan: int) -> HttpResponseBase:
    """What the fan wrote up to what was shown waits no more."""
    try:
        up_to = datetime.fromisoformat(request.POST.get("up_to", ""))
    except ValueError:
        raise Refused("nothing_waits", str(fan)) from None
    if up_to.tzinfo is None:
        raise Refused("nothing_waits", str(fan))
    with lake_for(request.actor) as engine:
        mark_answered(request.actor, engine, fan, up_to, this_moment())
    messages.success(request, _("Marked as answered; what they write from now on waits again."))
    return back(request, reverse("inbox"))


@page(Permission.ANSWER, deed=True)
def withdraw_mark(request: Asked, mark: int) -> HttpResponseBase:
    """It waits again."""
    unmark_answered(request.actor, mark)
    messages.success(request, _("Taken back: it waits again."))
    return back(request, reverse("inbox"))


def rows_of(actor: Actor, found: Sequence[Conversation], moment: datetime) -> list[Row]:
    """The conversations with names, as the list shows them."""
    names = names_of(actor, [one.fan for one in found])
    return [
        Row(
            one.fan,
            fan_title(one.fan, names.get(one.fan, "")),
            one.standing(moment),
            one.due_at,
            moment - one.first_at,
            one.band,
            one.platform,
            one.messages,
            one.first_at,
            one.last_at,
            one.closes_at,
        )
        for one in found
    ]


def duration(span: timedelta) -> str:
    """So long, in whole minutes, hours or days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < _HOUR:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if span < 2 * _DAY:
        hours = minutes // _HOUR
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", span.days) % {"n": span.days}


def _figures(found: waiting.Inbox, sees_bands: bool) -> list[Figure]:
    told = Coverage(
        sum(one.platform in TELL for one in found.open),
        len(found.open) or None,
        _("the answers given elsewhere"),
        floor=0.0,
    )
    return [
        Figure(
            _("Wait for an answer"), written.number(found.waiting), "?", _("fans"), "social", coverage=told
        ),
        Figure(
            _("Longer than promised"),
            written.number(found.late),
            "?",
            _("fans"),
            "love",
            note=", ".join(
                f"{words.word(words.BANDS, one.band)} {written.number(one.late)}"
                for one in found.bands
                if one.late and sees_bands
            ),
        ),
        Figure(
            _("Window closed"),
            written.number(found.missed_total),
            "?show=missed",
            _("fans"),
            note=_("in thirty days; the platform lets nobody answer before they write again"),
        ),
    ]


def _choices(wish: Wish, sees_bands: bool) -> list[Choice]:
    by_band = [choice(wish, "band", _("All bands"), words.BANDS)] if sees_bands else []
    return [choice(wish, "show", _("Can be answered"), _SHOWN), *by_band]


def _marks(actor: Actor, found: Sequence[waiting.Marked]) -> list[tuple[waiting.Marked, str]]:
    names = names_of(actor, [one.fan for one in found])
    return [(one, fan_title(one.fan, names.get(one.fan, ""))) for one in found]
