"""Whom screened fans moved, and who moved them, counts in nothing that is told of others; what was done lately is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pyarrow as pa
import pytest
from worlds import END, declared, mirrored, told

from guanxi.influence.circles.queries import peers
from guanxi.influence.refresh import refresh_ties, refresh_weights
from guanxi.influence.screening.refresh import refresh_screening
from guanxi.influence.weighing.queries import why
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import SYSTEM
from guanxi.social import tables as social
from guanxi.vocabulary.progress import SILENT

SHARER, PEOPLE, FARM = 1, range(10, 16), range(20, 24)


@pytest.fixture
def engine(house: object) -> Iterator[Engine]:
    """Fan 1 shares a content; six people and four of a farm open it, one of the farm passes it on to another."""
    declared()
    rows: list[dict[str, object]] = []

    def row(fan: int, kind: str, through: int | None = None) -> None:
        at = END - timedelta(days=10, minutes=-len(rows))
        rows.append({"id": len(rows) + 1, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": 5,
                     "through": through, "happened_at": at, "day": at.date()})  # fmt: skip

    row(SHARER, "shared")
    for fan in (*PEOPLE, *FARM):
        row(fan, "opened", SHARER)
    row(21, "opened", 20)
    told(pa.Table.from_pylist(rows, social.ENGAGEMENT.schema))
    fans = [{"fan": f, "account": 1, "platform": "echo"} for f in (SHARER, *PEOPLE, *FARM)]
    mirrored(social.FAN, pa.Table.from_pylist(fans, social.FAN.schema))
    topics = [{"content": 5, "account": 1, "platform": "echo", "topic": "tea"}]
    mirrored(social.CONTENT, pa.Table.from_pylist(topics, social.CONTENT.schema))
    tags = pa.table({"fan": list(FARM), "tag": ["screened"] * len(FARM)}, social.FAN_TAG.schema)
    mirrored(social.FAN_TAG, tags)
    with Engine(memory="500MB") as opened:
        refresh_ties(opened, END, SILENT)
        refresh_screening(opened, END)
        yield opened


def test_resonance_contents_months_and_topics_count_only_people(engine: Engine) -> None:
    refresh_weights(engine, END, SILENT)
    weight = engine.ask("SELECT fan, weight, direct FROM social.weight WHERE direct > 0").to_pylist()
    assert [(row["fan"], row["direct"]) for row in weight] == [(SHARER, 6)]
    told_of = why(SYSTEM, engine, SHARER, (END - timedelta(days=60)).date())
    facets = [(one.facet, one.moves, one.carried) for one in told_of.facets]
    assert facets == [("all", 6, 0), ("platform", 6, 0), ("topic", 6, 0)]
    assert told_of.facets[0].millionths == pytest.approx(weight[0]["weight"] * 1e6, abs=10)
    assert [one.people for one in told_of.contents] == [6]
    assert [(one.people, one.fresh) for one in told_of.months] == [(6, 6)]
    moved = engine.ask(sql("guanxi.influence", "moved_on_topic"), topic="tea").to_pylist()
    assert [(row["influencer"], row["moved_on"]) for row in moved] == [(SHARER, 6)]


def test_a_circle_is_of_people(engine: Engine) -> None:
    assert peers(SYSTEM, engine, SHARER, "", "fan", 0, 20).total == 6


def test_lately_is_the_last_ninety_days(engine: Engine) -> None:
    today = END.date()
    done = [
        {
            "fan": fan,
            "day": today - timedelta(days=ago),
            "month": today.replace(day=1),
            "kind": "liked",
            "n": 1,
        }
        for fan, ago in ((10, 89), (11, 90))
    ]
    whole = [{field.name: row.get(field.name, 0) for field in social.ACTIVITY.schema} for row in done]
    whole = [{**row, "depth": "", "topic": ""} for row in whole]
    mirrored(social.ACTIVITY, pa.Table.from_pylist(whole, social.ACTIVITY.schema))
    refresh_weights(engine, END, SILENT)
    bands = engine.ask("SELECT fan, band FROM social.weight WHERE fan IN (10, 11) ORDER BY fan")
    assert bands["band"].to_pylist() == ["participant", "listener"]
