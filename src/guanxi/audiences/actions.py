"""What changes segments and the holdout: permission, effect and audit in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
from django.db import IntegrityError

from guanxi.audiences import asking, holdout
from guanxi.audiences.holdout import Codes, HoldoutRule
from guanxi.audiences.models import Segment
from guanxi.audiences.sight import require_sight
from guanxi.audiences.tables import SEGMENT_MEMBER
from guanxi.lake.catalog import Provenance
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.question.checks import check
from guanxi.question.nodes import Question
from guanxi.question.stored import from_json, to_json
from guanxi.question.text import to_text
from guanxi.records import audit
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, copy_rows, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

NAME_CHARS_MAX = 80


def create_segment(actor: Actor, name: str, question: Question, now: datetime) -> int:
    """A segment of that name exists, not yet evaluated; says its id."""
    _require_change(actor, question)
    segment = Segment(created_by=actor.name, created_at=aware(now), changed_at=aware(now))
    _fill(segment, name, question)
    with _named_once(segment.name), transaction(RELATIONSHIP):
        segment.save()
        _record(actor, "segment_created", segment)
    return segment.pk


def change_segment(
    actor: Actor, segment_id: int, seen_version: int, name: str, question: Question, now: datetime
) -> int:
    """The segment asks the new question under the new name; says its new version.

    Refused as ``segment_changed_meanwhile`` where somebody else changed it after ``seen_version`` was read.
    """
    _require_change(actor, question)
    with _named_once(name), transaction(RELATIONSHIP):
        segment = _locked(segment_id)
        require_sight(actor, from_json(segment.question))
        if segment.version != seen_version:
            raise Refused("segment_changed_meanwhile", str(segment.version))
        _fill(segment, name, question)
        segment.version += 1
        segment.changed_at = aware(now)
        segment.save()
        _record(actor, "segment_changed", segment)
    return segment.version


def archive_segment(actor: Actor, segment_id: int, now: datetime) -> None:
    """The segment is no longer offered or evaluated, and nobody is in it."""
    require(actor, Permission.CHANGE_SEGMENTS)
    with transaction(RELATIONSHIP) as connection:
        segment = _locked(segment_id)
        require_sight(actor, from_json(segment.question))
        segment.archived_at = aware(now)
        segment.save()
        nobody = SEGMENT_MEMBER.schema.empty_table()
        Lake(Side.RELATIONSHIP).swap(connection, SEGMENT_MEMBER, nobody, parts=[segment_id])
        _record(actor, "segment_archived", segment)


def evaluate_segment(actor: Actor, engine: Engine, segment_id: int, as_of: datetime) -> asking.Counted:
    """The segment's members in the lake are those for whom its question is true at ``as_of``.

    The lake is asked before the transaction; a segment that was changed meanwhile is refused.
    """
    require(actor, Permission.CHANGE_SEGMENTS)
    seen = _found(Segment.objects.filter(pk=segment_id, archived_at=None).first(), segment_id)
    question = from_json(seen.question)
    require_sight(actor, question)
    rows = _as_rows(segment_id, asking.members(engine, question, as_of))
    counted = replace(asking.count(engine, question, as_of), size=rows.num_rows)
    with transaction(RELATIONSHIP) as connection:
        segment = _locked(segment_id)
        if segment.version != seen.version:
            raise Refused("segment_changed_meanwhile", str(segment.version))
        provenance = Provenance(version("guanxi"), aware(as_of))
        Lake(Side.RELATIONSHIP).swap(connection, SEGMENT_MEMBER, rows, provenance, parts=[segment_id])
        _note_answer(segment, counted, as_of)
        _record(actor, "segment_evaluated", segment, size=counted.size)
    return counted


def assign_holdout(actor: Actor, rule: HoldoutRule, identity: Codes, person: Codes, now: datetime) -> Codes:
    """Who of the persons is held out for the period is stored, identity by identity; says which persons.

    Args:
        actor: who plans.
        rule: the period and its share.
        identity: every identity of the audience's persons.
        person: whose each one is.
        now: since when newly held identities are held out.
    """
    require(actor, Permission.CHANGE_CAMPAIGNS)
    identity, first = np.unique(identity, return_index=True)
    person = person[first]
    persons = np.unique(person)
    hashed = holdout.drawn(Installation.current().secrets.pepper, persons.tolist(), rule)
    with transaction(RELATIONSHIP) as connection:
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"holdout {rule.period}",)
        )
        already = _already_held(connection, rule.period)
        chosen = persons[holdout.held(persons, hashed, identity, person, already)]
        fresh = np.isin(person, chosen) & ~np.isin(identity, already)
        since = aware(now)
        rows = (
            (rule.period, int(i), int(p), since) for i, p in zip(identity[fresh], person[fresh], strict=True)
        )
        copy_rows(connection, "holdout_member", ("period", "identity", "person", "since"), rows)
        if fresh.any():
            detail = {"permille": rule.permille, "identities": int(fresh.sum())}
            audit.record(RELATIONSHIP, actor, "holdout_assigned", f"holdout:{rule.period}", detail)
    return chosen


def _require_change(actor: Actor, question: Question) -> None:
    require(actor, Permission.CHANGE_SEGMENTS)
    require_sight(actor, check(question))


def _fill(segment: Segment, name: str, question: Question) -> None:
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_CHARS_MAX or not name.isprintable():
        raise Refused("segment_name_unfit", name[:NAME_CHARS_MAX])
    segment.name = name
    segment.question = to_json(question).decode()
    segment.text = to_text(question)


@contextmanager
def _named_once(name: str) -> Iterator[None]:
    """A second live segment of the same name is refused, not an error of the database."""
    try:
        yield
    except IntegrityError:
        raise Refused("segment_name_taken", name) from None


def _found(segment: Segment | None, segment_id: int) -> Segment:
    if segment is None:
        raise Refused("no_such_segment", str(segment_id))
    return segment


def _locked(segment_id: int) -> Segment:
    live = Segment.objects.select_for_update().filter(pk=segment_id, archived_at=None)
    return _found(live.first(), segment_id)


def _as_rows(segment_id: int, identities: pa.Table) -> pa.Table:
    segments = pa.repeat(pa.scalar(segment_id, pa.int64()), identities.num_rows)
    return pa.table({"segment": segments, "identity": identities["identity"]})


def _note_answer(segment: Segment, counted: asking.Counted, as_of: datetime) -> None:
    segment.evaluated_at = aware(as_of)
    segment.evaluated_version = segment.version
    segment.size, segment.asked, segment.decided = counted.size, counted.asked, counted.decided
    segment.known = [one.known for one in counted.conditions]
    segment.save()


def _record(actor: Actor, verb: str, segment: Segment, **detail: int) -> None:
    audit.record(RELATIONSHIP, actor, verb, f"segment:{segment.pk}", {"version": segment.version, **detail})


def _already_held(connection: psycopg.Connection[Any], period: str) -> Codes:
    rows = connection.execute("SELECT identity FROM holdout_member WHERE period = %s", (period,)).fetchall()
    return np.array([identity for (identity,) in rows], dtype=np.int64)
