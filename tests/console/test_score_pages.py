"""The pages that show where a fan's points come from say what they can see, and so do their files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.consumers import hear
from guanxi.lake.engine import Engine
from guanxi.listen.accept import accept
from guanxi.listen.rows import as_table
from guanxi.records.databases import SOCIAL, transaction
from guanxi.records.installation import Installation
from guanxi.social.mirror import refresh_mirror
from guanxi.social.models import Fan
from guanxi.social.refresh import refresh_activity
from guanxi.vocabulary.progress import SILENT

JANUARY = datetime(2026, 1, 5, 10, tzinfo=UTC)
AUGUST = datetime(2026, 8, 5, 10, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 5, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def _told(number: int, kind: str, actor: str, at: datetime, **more: Any) -> None:
    row = {
        "key": number.to_bytes(16, "big"),
        "kind": kind,
        "platform": "web",
        "account": "main",
        "actor": actor,
        "content": "tea",
        "happened_at": at,
    }
    with transaction(SOCIAL) as connection:
        accept(connection, "test", as_table([row | more]))


def _refreshed() -> int:
    hear()
    with Engine() as engine:
        refresh_mirror(engine, NOW, SILENT)
        refresh_activity(engine, NOW, SILENT)
    return int(Fan.objects.get(external_id="ann").pk)


@pytest.fixture
def ann(house: Installation) -> int:
    """She read three times, once deeply, and shared; Ben opened it."""
    _told(1, "viewed", "ann", OCTOBER, traits=json.dumps({"dwell_seconds": 70}))
    for number in (2, 3):
        _told(number, "viewed", "ann", OCTOBER)
    _told(4, "shared", "ann", OCTOBER)
    _told(5, "opened", "ben", OCTOBER, through="ann")
    return _refreshed()


def test_points_are_traced_with_what_can_be_seen_of_them(ann: int, visitor: Callable[..., Client]) -> None:
    trace, done = (reverse(name, args=[ann]) for name in ("score_trace", "fan_activities"))
    window = {"window": "2026-10-01"}
    for language, words in (("en", "reads&#x27; depths"), ("zh-hans", "阅读的深度")):
        shown = visitor("marketer", language).get(trace, window).text
        assert words in shown
        assert ("1 of 3" in shown) == (language == "en")
    file = visitor("marketer").get(trace, window | {"export": "csv"})
    assert "the reads' depths (1 of 3)" in b"".join(file).decode()
    assert "coverage: Activities: " in b"".join(visitor("marketer").get(done, {"export": "csv"})).decode()
    assert visitor(None).get(trace).status_code == 302


def test_what_is_heard_late_corrects_the_month_it_belongs_to(
    ann: int, visitor: Callable[..., Client]
) -> None:
    trace, client = reverse("score_trace", args=[ann]), visitor("marketer")
    assert "2026-08" not in client.get(trace).text
    _told(6, "commented", "ann", AUGUST)
    _refreshed()
    late = client.get(trace, {"window": "2026-08-01"}).text
    assert "2026-08-05" in late
    assert ">10.0<" in late.replace("\n", "")


def test_points_that_an_activity_does_not_give_are_a_dash_and_faded_ones_are_below_a_tenth(
    ann: int, visitor: Callable[..., Client]
) -> None:
    _told(7, "replied", "ann", JANUARY)
    _told(8, "replied", "cid", JANUARY, through="ann")
    _refreshed()
    client = visitor("marketer")
    weights, trace = (
        re.sub(r"\s", "", client.get(address, {"window": "all"}).text)
        for address in (reverse("score_weights"), reverse("score_trace", args=[ann]))
    )
    assert ">0.0<" not in weights + trace
    assert ">–<" in weights
    assert ">–<" in trace
    assert ">&lt;0.1<" in trace
    file = b"".join(
        client.get(reverse("score_trace", args=[ann]), {"window": "all", "export": "csv"})
    ).decode()
    (faded,) = [line for line in file.splitlines() if line.startswith("2026-01-05")]
    assert faded.endswith(",0.0")
