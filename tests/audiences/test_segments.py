"""Segments: kept, changed, answered and explained, and invisible to whoever may not see the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from guanxi.audiences import actions, asking, queries
from guanxi.audiences.holdout import HoldoutRule
from guanxi.audiences.refresh import refresh_segments
from guanxi.correlation.tables import PERSON
from guanxi.customers.tables import CUSTOMER, RFM
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.question.parser import parse
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, alias_of, raw, transaction
from guanxi.records.installation import Installation
from guanxi.social.tables import ENGAGEMENT, FAN, FAN_FACT
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

MARKETER = Actor(1, "mei", frozenset({Role.MARKETER}))
AGENCY = Actor(2, "agency", frozenset({Role.AGENCY}))
CARE = Actor(3, "care", frozenset({Role.CARE}))
ROME = parse('city = "Rome"')
BEST = parse("r >= 4")


def fill(table: LakeTable, rows: list[dict[str, object]]) -> None:
    named = [{name: row.get(name) for name in table.schema.names} for row in rows]
    with transaction(alias_of(table.side)) as connection:
        Lake(table.side).swap(connection, table, pa.Table.from_pylist(named, table.schema))


def fill_person(members: list[tuple[int, int]]) -> None:
    fill(PERSON, [{"purpose": "contact", "person": p, "identity": i} for p, i in members])


@pytest.fixture
def engine(house: Installation) -> Iterator[Engine]:
    fill(FAN, [{"fan": n, "account": 1, "platform": "wechat"} for n in range(1, 6)])
    cities = {1: "Rome", 2: "Rome", 3: "Oslo"}
    fill(FAN_FACT, [{"fan": n, "name": "city", "value": c, "best": True} for n, c in cities.items()])
    fill(CUSTOMER, [{"customer": n, "account": 2} for n in (1, 2)])
    fill(RFM, [{"customer": 1, "r": 5, "f": 2, "m": 2}, {"customer": 2, "r": 1, "f": 1, "m": 1}])
    with Engine(threads=1, memory="500MB") as engine:
        yield engine


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda refusal: refusal.code == code)


def test_an_evaluated_segment_has_the_members_its_question_finds(engine: Engine, now: datetime) -> None:
    rome = actions.create_segment(MARKETER, "  Fans  in Rome ", ROME, now)
    best = actions.create_segment(MARKETER, "Best", BEST, now)
    assert queries.segment(MARKETER, rome).size is None
    assert refresh_segments(engine, now, SILENT).members == 3
    row = queries.segment(MARKETER, rome)
    assert (row.name, row.size, row.asked, row.decided, row.is_current) == ("Fans in Rome", 2, 5, 3, True)
    assert row.coverage == 0.6
    page = queries.members_page(MARKETER, engine, rome)
    assert (page.total, page.members) == (2, ((Side.SOCIAL, 1), (Side.SOCIAL, 2)))
    assert queries.members_page(MARKETER, engine, best).members == ((Side.CUSTOMERS, 1),)
    assert [r.id for r in queries.segments_of(MARKETER, engine, 2)] == [rome]


def test_a_changed_segment_says_that_its_members_are_of_yesterday(engine: Engine, now: datetime) -> None:
    segment = actions.create_segment(MARKETER, "Fans", ROME, now)
    actions.evaluate_segment(MARKETER, engine, segment, now)
    later = now + timedelta(hours=1)
    assert actions.change_segment(MARKETER, segment, 1, "Fans", parse("city = Oslo"), later) == 2
    assert not queries.segment(MARKETER, segment).is_current
    with refused("segment_changed_meanwhile"):
        actions.change_segment(MARKETER, segment, 1, "Fans", ROME, later)
    assert actions.evaluate_segment(MARKETER, engine, segment, later).size == 1
    assert queries.members(MARKETER, engine, segment)["identity"].to_pylist() == [6]


def test_an_archived_segment_is_empty_and_its_name_is_free(engine: Engine, now: datetime) -> None:
    segment = actions.create_segment(MARKETER, "Fans", ROME, now)
    with refused("segment_name_taken"):
        actions.create_segment(MARKETER, "Fans", ROME, now)
    actions.evaluate_segment(MARKETER, engine, segment, now)
    actions.archive_segment(MARKETER, segment, now)
    assert engine.ask("SELECT * FROM relationship.segment_member").num_rows == 0
    with refused("no_such_segment"):
        queries.segment(MARKETER, segment)
    assert actions.create_segment(MARKETER, "Fans", ROME, now) != segment


def test_every_change_is_audited(engine: Engine, now: datetime) -> None:
    segment = actions.create_segment(MARKETER, "Fans", ROME, now)
    actions.change_segment(MARKETER, segment, 1, "Fans", BEST, now)
    actions.evaluate_segment(MARKETER, engine, segment, now)
    actions.archive_segment(MARKETER, segment, now)
    verbs = raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id").fetchall()
    assert [verb for (verb,) in verbs] == [
        "segment_created",
        "segment_changed",
        "segment_evaluated",
        "segment_archived",
    ]


@pytest.mark.parametrize("text", ["r >= 4", "city = Rome and r >= 4", "linked for contact", "tier = gold"])
def test_an_agency_sees_nothing_of_the_customers_side(engine: Engine, now: datetime, text: str) -> None:
    question = parse(text)
    segment = actions.create_segment(MARKETER, "Best", question, now)
    social = actions.create_segment(AGENCY, "Fans", ROME, now)
    assert [row.id for row in queries.segments(AGENCY)] == [social]
    for attempt in (
        lambda: queries.segment(AGENCY, segment),
        lambda: queries.members_page(AGENCY, engine, segment),
        lambda: queries.members(AGENCY, engine, segment),
        lambda: queries.count_question(AGENCY, engine, question, now),
        lambda: queries.why(AGENCY, engine, 2, segment, now),
        lambda: queries.why(AGENCY, engine, 3, social, now),
        lambda: queries.segments_of(AGENCY, engine, 3),
        lambda: actions.create_segment(AGENCY, "Mine", question, now),
        lambda: actions.change_segment(AGENCY, segment, 1, "Mine", ROME, now),
        lambda: actions.change_segment(AGENCY, social, 1, "Mine", question, now),
        lambda: actions.archive_segment(AGENCY, segment, now),
        lambda: actions.evaluate_segment(AGENCY, engine, segment, now),
    ):
        with refused("not_permitted"):
            attempt()


def test_care_sees_no_segments_at_all(engine: Engine, now: datetime) -> None:
    with refused("not_permitted"):
        queries.segments(CARE)


def test_counting_while_typing_says_how_much_is_known(engine: Engine, now: datetime) -> None:
    counted = queries.count_question(MARKETER, engine, parse("city = Rome and not unfollowed"), now)
    assert (counted.size, counted.asked, counted.decided, counted.coverage) == (2, 5, 3, 0.6)
    assert [(one.chip.code, one.known) for one in counted.conditions] == [("fact", 3), ("unfollowed", 5)]


def test_a_segment_is_counted_again_only_where_it_was_evaluated_at_another_moment_or_changed(
    engine: Engine, now: datetime
) -> None:
    question = parse("city = Rome and not unfollowed")
    pk = actions.create_segment(MARKETER, "Fans", question, now)

    def counted(at: datetime) -> asking.Counted:
        return queries.count_segment(MARKETER, engine, queries.segment(MARKETER, pk), at)

    fresh = counted(now)
    actions.evaluate_segment(MARKETER, engine, pk, now)
    assert counted(now) == fresh == queries.count_question(MARKETER, engine, question, now)
    fill(FAN_FACT, [{"fan": 1, "name": "city", "value": "Rome", "best": True}])
    assert counted(now) == fresh
    assert (counted(now + timedelta(hours=1)).size, counted(now + timedelta(hours=1)).decided) == (1, 1)
    actions.change_segment(MARKETER, pk, 1, "Fans", ROME, now)
    assert counted(now).conditions[0].known == 1
    with refused("not_permitted"):
        queries.count_segment(CARE, engine, queries.segment(MARKETER, pk), now)


def test_why_gives_each_condition_its_truth(engine: Engine, now: datetime) -> None:
    segment = actions.create_segment(MARKETER, "Fans", parse("city = Rome and unfollowed"), now)
    found = queries.why(MARKETER, engine, 2, segment, now)
    assert (found.is_asked, found.truth) == (True, False)
    assert [(one.chip.text, one.truth) for one in found.conditions] == [
        ("city = Rome", True),
        ("unfollowed", False),
    ]
    assert queries.why(MARKETER, engine, 8, segment, now).conditions[0].truth is None
    assert not queries.why(MARKETER, engine, 998, segment, now).is_asked


def test_links_carry_a_customers_class_to_a_fan(engine: Engine, now: datetime) -> None:
    fill_person([(2, 2), (2, 3), (4, 4), (4, 5)])
    counted = queries.count_question(MARKETER, engine, parse("fans where r >= 4"), now)
    assert (counted.size, counted.decided, counted.asked) == (1, 2, 5)


def test_the_holdout_is_stored_once_and_grows_with_links(house: Installation, now: datetime) -> None:
    rule = HoldoutRule("2026-H2", 200)
    alone = np.arange(0, 2000, 2)
    first = actions.assign_holdout(MARKETER, rule, alone, alone, now)
    assert 130 < len(first) < 270
    assert actions.assign_holdout(MARKETER, rule, alone, alone, now).tolist() == first.tolist()
    assert queries.held_identities("2026-H2").tolist() == first.tolist()
    inside, outside = int(first[0]), int(np.setdiff1d(alone, first)[0])
    person = min(inside, outside)
    linked = actions.assign_holdout(
        MARKETER, rule, np.array([inside, outside]), np.array([person, person]), now + timedelta(days=1)
    )
    assert linked.tolist() == [person]
    assert {inside, outside} <= set(queries.held_identities("2026-H2").tolist())
    assert queries.held_identities("2027-H1").size == 0
    with refused("not_permitted"):
        actions.assign_holdout(CARE, rule, alone, alone, now)


def test_a_question_over_engagements_counts_to_the_moment_it_is_asked(engine: Engine, now: datetime) -> None:
    moments = [now - timedelta(days=2), now - timedelta(days=1), now + timedelta(minutes=1)]
    fill(
        ENGAGEMENT,
        [
            {"id": n, "fan": 1, "account": 1, "platform": "wechat", "kind": "viewed", "happened_at": moment}
            | {"day": date(2026, 11, 1), "recorded_at": moment}
            for n, moment in enumerate(moments)
        ],
    )
    question = parse("count(viewed) = 2 within 3 days")
    assert queries.count_question(SYSTEM, engine, question, now).size == 1
    assert queries.count_question(SYSTEM, engine, question, now + timedelta(hours=1)).size == 0
