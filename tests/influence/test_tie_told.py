"""What is told of one tie: its chance, topics, unmarked credit less likeness, and the brand's likeness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from worlds import END, declared, mirrored, told

from guanxi.influence.learning.credit import influence_of, parts, topic_chance
from guanxi.influence.learning.queries import likeness_of, tie_told
from guanxi.influence.likeness.refresh import refresh_likeness
from guanxi.influence.refresh import refresh_ties
from guanxi.influence.tables import LIKENESS
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor
from guanxi.social import tables as social
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

STRANGER = Actor(9, "Nobody", frozenset())


@pytest.fixture
def engine(house: object) -> Iterator[Engine]:
    """Fans 1 and 2 share; 3 opens five of 1's six shares on tea, none of four on cups, and one of 2's."""
    declared()
    rows: list[dict[str, object]] = []

    def row(fan: int, kind: str, content: int, through: int | None = None, hour: int = 0) -> None:
        at = END - timedelta(days=60 - content, hours=-hour)
        rows.append({"id": len(rows) + 1, "fan": fan, "account": 1, "platform": "echo", "kind": kind,
                     "content": content, "through": through, "happened_at": at, "day": at.date()})  # fmt: skip

    for content in range(10):
        row(1, "shared", content)
        if content < 5:
            row(3, "opened", content, 1, hour=1)
    row(2, "shared", 20)
    row(3, "opened", 20, 2, hour=1)
    for sharer in (1, 2):
        row(sharer, "shared", 30, hour=sharer)
    row(3, "viewed", 30, hour=9)
    row(3, "liked", 8, hour=9)
    row(3, "viewed", 9, hour=24 * 9)
    told(pa.Table.from_pylist(rows, social.ENGAGEMENT.schema))
    topics = [
        {"content": c, "account": 1, "platform": "echo", "topic": "tea" if c < 6 else "cups"}
        for c in range(40)
    ]
    mirrored(social.CONTENT, pa.Table.from_pylist(topics, social.CONTENT.schema))
    fans = [{"fan": f, "account": 1, "platform": "echo"} for f in (1, 2, 3)]
    mirrored(social.FAN, pa.Table.from_pylist(fans, social.FAN.schema))
    with Engine(memory="500MB") as opened:
        refresh_ties(opened, END, SILENT)
        yield opened


def test_a_tie_tells_its_topics_and_shares_unmarked_credit_among_all_who_shared(engine: Engine) -> None:
    found = tie_told(SYSTEM, engine, 1, 3)
    assert found.tie is not None
    assert (found.tie.successes, found.tie.opportunities) == (5, 11)
    tea, cups = (
        {row.topic: row for row in found.topics}["tea"],
        {row.topic: row for row in found.topics}["cups"],
    )
    assert (tea.successes, tea.opportunities, cups.successes, cups.opportunities) == (5, 6, 0, 5)
    assert cups.probability < found.tie.probability < tea.probability
    assert tea.low < tea.probability < tea.high
    # 30 was shared by both before it was viewed, 8 by fan 1 alone, 9 longer ago than a week.
    # Fan 2 shared it an hour after fan 1, and so has somewhat more of it.
    assert found.followed == 2
    assert found.credit == pytest.approx(1 + 1 / (1 + 2 ** (1 / 6)))
    assert found.influence is None


def test_what_likeness_would_have_brought_is_taken_off_and_only_where_it_is_known(engine: Engine) -> None:
    told_of = {
        "exposures": 9,
        "followed": 90,
        "anyway": 36.0,
        "reversal": 1.0,
        "share": 0.4,
        "low": 0.3,
        "high": 0.5,
        "timed": 90,
        "by_chance": 40.0,
        "turned_followed": 3,
    }
    mirrored(LIKENESS, pa.Table.from_pylist([{"platform": "echo", **told_of}], LIKENESS.schema))
    assert tie_told(SYSTEM, engine, 1, 3).influence == pytest.approx(0.6 * (1 + 1 / (1 + 2 ** (1 / 6))))
    assert tie_told(SYSTEM, engine, 3, 1).tie is None
    with pytest.raises(Refused, match="not_permitted"):
        likeness_of(STRANGER, engine)


def test_where_too_little_followed_likeness_is_not_told(engine: Engine) -> None:
    assert likeness_of(SYSTEM, engine) is None
    found = refresh_likeness(engine, END)
    assert found is None or found.share is None


def test_the_parts_of_a_deed_sum_to_one_and_a_topic_never_seen_keeps_the_ties_chance() -> None:
    deed = np.array([0, 0, 0, 1])
    found = parts(deed, np.array([0.0, 1.0, 5.0, 9_000.0]))
    assert np.bincount(deed, found) == pytest.approx([1, 1])
    assert found[0] == pytest.approx(16 * found[1], rel=1e-3)
    assert influence_of([1.0], None) is None
    assert topic_chance(0.3, 0, 0)[0] == pytest.approx(0.3)
