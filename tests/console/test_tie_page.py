"""A tie's page, for who may see influence and in both languages; the map says how much is likeness."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.influence.refresh import refresh_ties
from guanxi.influence.tables import LIKENESS
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.measurement.tables import SHARE_TRIAL
from guanxi.records.databases import RELATIONSHIP, SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SAID = {"en": ("The tie", "is likeness, not influence"), "zh-hans": ("影响关系", "出于同质性")}

Visit = Callable[..., Client]


ALIKE = {
    "exposures": 900,
    "followed": 90,
    "anyway": 36.0,
    "reversal": 1.0,
    "share": 0.4,
    "low": 0.3,
    "high": 0.5,
    "timed": 90,
    "by_chance": 41.5,
    "shuffled": 0.62,
    "shuffled_low": 0.55,
    "shuffled_high": 0.7,
    "turned_followed": 30,
    "turned": 0.33,
    "turned_low": 0.2,
    "turned_high": 0.47,
}


@pytest.fixture
def moved(house: object) -> None:
    """Fan 2 opened three of the four contents that fan 1 shared."""
    rows = []
    for content in range(4):
        at = NOW - timedelta(days=9 - content)
        for fan, kind, through in ((1, "shared", None), (2, "opened", 1))[: 1 if content == 3 else 2]:
            rows.append({"id": len(rows) + 1, "fan": fan, "account": 1, "platform": "wechat", "kind": kind,
                         "content": content, "through": through, "happened_at": at, "day": at.date()})  # fmt: skip
    with transaction(SOCIAL) as connection:
        lake = Lake(Side.SOCIAL)
        lake.append(connection, social.ENGAGEMENT, pa.Table.from_pylist(rows, social.ENGAGEMENT.schema))
        told = [{"platform": platform, **ALIKE} for platform in ("", "wechat")]
        lake.swap(connection, LIKENESS, pa.Table.from_pylist(told, LIKENESS.schema))
    _invitations_added()
    with Engine(memory="500MB") as engine:
        refresh_ties(engine, NOW, SILENT)


def _invitations_added() -> None:
    """Of a thousand invited 300 brought somebody, of a thousand left alone 90."""
    arms = [
        {"invited": invited, "brought": brought, "viewers": viewers}
        for invited, brought, viewers in ((1, 0, 700), (1, 1, 300), (0, 0, 910), (0, 1, 90))
    ]
    trial = {
        "trial": 1,
        "percent": 50,
        "content": 2,
        "platform": "wechat",
        "closed": 1,
        "passed_on": 0,
        "engaged": 0,
    }
    drawn = [{**trial, **arm, "first_drawn": NOW - timedelta(days=9), "until": NOW} for arm in arms]
    with transaction(RELATIONSHIP) as connection:
        rows = pa.Table.from_pylist(drawn, SHARE_TRIAL.schema)
        Lake(Side.RELATIONSHIP).swap(connection, SHARE_TRIAL, rows)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_ties_page_tells_its_chance_and_the_map_how_much_is_likeness(
    visitor: Visit, moved: None, language: str
) -> None:
    owner = visitor("agency", language)
    page = owner.get(reverse("tie", args=[1, 2])).content.decode()
    assert SAID[language][0] in page
    assert SAID[language][1] in page
    assert all(share in page for share in ("40", "62", "33"))
    assert {"en": "the estimates disagree", "zh-hans": "几种估计不一致"}[language] in page
    shown = owner.get(reverse("map")).content.decode()
    assert SAID[language][1] in shown
    assert {"en": "Being invited brought 0.21 people", "zh-hans": "邀请使每位访客多带来 0.21 人"}[
        language
    ] in shown


def test_a_pair_without_a_tie_has_a_page_that_claims_none(visitor: Visit, moved: None) -> None:
    answer = visitor("agency").get(reverse("tie", args=[2, 1]))
    assert answer.status_code == 200
    assert SAID["en"][0] not in answer.content.decode()


def test_a_stranger_sees_no_tie(visitor: Visit, moved: None) -> None:
    assert visitor(None).get(reverse("tie", args=[1, 2])).status_code in (302, 403)
