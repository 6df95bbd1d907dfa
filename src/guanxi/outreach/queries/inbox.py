"""What doors show of fans who wait for an answer: by promise, with how many in all, and what was marked as answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from guanxi.channels.rules import all_rules
from guanxi.influence.treatments.queries import treatments_in_force
from guanxi.influence.weighing.bands import Band
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.outreach.answering import LOOKED_BACK, PAUSE, Conversation, answer_windows, by_promise, due
from guanxi.outreach.models import AnswerMark
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.queries.answers import answers_since
from guanxi.vocabulary.reasons import Refused

ROOM = "guanxi.outreach"
SHOWN = 1_000
MARKS_SHOWN = 20
_MOMENT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many of a band wait who can still be answered, how many of them beyond the promise."""

    band: str
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """Who waits, by promise; who can no longer be answered on the platform stands apart."""

    open: tuple[Conversation, ...]
    missed: tuple[Conversation, ...]
    bands: tuple[BandCount, ...]
    missed_total: int

    @property
    def waiting(self) -> int:
        """How many can still be answered, whether shown or not."""
        return sum(one.waiting for one in self.bands)

    @property
    def late(self) -> int:
        """How many of these wait longer than promised."""
        return sum(one.late for one in self.bands)


@dataclass(frozen=True, slots=True)
class Marked:
    """Somebody said that what a fan had written up to a moment is answered."""

    id: int
    fan: int
    up_to: datetime
    marked_by: str
    marked_at: datetime


def inbox(actor: Actor, engine: Engine, now: datetime) -> Inbox:
    """Whose last message of thirty days waits for an answer, as far as platforms and people told of answers."""
    require(actor, Permission.SEE_SOCIAL)
    rows = _unanswered(engine, now)
    shut = {row["band"]: row["alike"] for row in rows if not row["is_open"]}
    apart: list[list[Conversation]] = [[], []]
    for row, one in zip(rows, _conversations(rows), strict=True):
        apart[row["is_open"]].append(one)
    return Inbox(
        tuple(by_promise(apart[True])), tuple(by_promise(apart[False])), _bands(rows), sum(shut.values())
    )


def waiting_by_band(actor: Actor, engine: Engine, now: datetime) -> tuple[BandCount, ...]:
    """How many of each band wait who can still be answered; nobody by name."""
    require(actor, Permission.SEE_SOCIAL)
    return _bands(_unanswered(engine, now, rows=1))


def _bands(rows: Sequence[dict[str, Any]]) -> tuple[BandCount, ...]:
    found = {row["band"]: BandCount(row["band"], row["alike"], row["late"]) for row in rows if row["is_open"]}
    return tuple(found[band] for band in (*Band, "") if band in found)


def conversation(actor: Actor, engine: Engine, fan: int, now: datetime) -> Conversation:
    """What of a fan waits for an answer; refused where nothing does."""
    require(actor, Permission.SEE_SOCIAL)
    found = _conversations(_unanswered(engine, now, fan)) if fan else []
    if not found:
        raise Refused("nothing_waits", str(fan))
    return found[0]


def marks(actor: Actor, fan: int | None = None) -> tuple[Marked, ...]:
    """The latest marks that something is answered, of one fan or of all."""
    require(actor, Permission.SEE_SOCIAL)
    found = AnswerMark.objects.order_by("-marked_at", "-pk")
    if fan is not None:
        found = found.filter(fan=fan)
    return tuple(Marked(m.pk, m.fan, m.up_to, m.marked_by, m.marked_at) for m in found[:MARKS_SHOWN])


def _unanswered(engine: Engine, now: datetime, fan: int = 0, rows: int = SHOWN) -> list[dict[str, Any]]:
    since = now - LOOKED_BACK
    marked = AnswerMark.objects.filter(up_to__gte=since).values_list("fan", "up_to")
    told = [*answers_since(since), *marked]
    engine.offer("answer", _table(("fan", pa.int64()), ("answered_at", _MOMENT), rows=told))
    late = [(band, now - timedelta(hours=hours)) for band, hours in _promises().items()]
    engine.offer("promise", _table(("band", pa.string()), ("late_before", _MOMENT), rows=late))
    windows = [(platform, now - window) for platform, window in answer_windows(all_rules()).items()]
    engine.offer("reply_window", _table(("platform", pa.string()), ("open_after", _MOMENT), rows=windows))
    kept = engine.ask(sql(ROOM, "kept_talk"))["id"][0].as_py()
    asked = {"from_day": since.date(), "until": now, "pause": PAUSE, "rows": rows, "fan": fan, "kept": kept}
    found: list[dict[str, Any]] = engine.ask(sql(ROOM, "unanswered"), **asked).to_pylist()
    return found


def _conversations(rows: Sequence[dict[str, Any]]) -> list[Conversation]:
    promises, windows = _promises(), answer_windows(all_rules())
    return [
        Conversation(
            row["fan"],
            row["platform"],
            row["band"],
            row["first_at"],
            row["last_at"],
            row["messages"],
            due(row["first_at"], promises.get(row["band"])),
            row["last_at"] + windows[row["platform"]] if row["platform"] in windows else None,
        )
        for row in rows
    ]


def _promises() -> dict[str, int]:
    """Within how many hours each band is answered that was promised anything."""
    given = treatments_in_force().items()
    return {band.value: one.reply_hours for band, one in given if one.reply_hours is not None}


def _table(*columns: tuple[str, pa.DataType], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pa.table({name: pa.array(part, kind) for (name, kind), part in zip(columns, values, strict=True)})
