"""The cascade page: seen by who may see influence, empty without shares, drawn where somebody was moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.consumers import hear
from guanxi.influence.refresh import refresh_ties
from guanxi.lake.engine import Engine
from guanxi.listen.accept import accept
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.time import parse_moment

Visit = Callable[..., Client]
STARTED = parse_moment("2026-10-01T08:00:00+00:00")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_cascade_is_drawn_with_its_people(visitor: Visit, language: str) -> None:
    content = _passed_on(("li", None), ("mei", "li"), ("kai", "mei"), ("lan", "li"))
    shown = visitor("marketer", language).get(reverse("cascade", args=[content])).text
    assert shown.count('class="spot') == 4
    assert shown.count('class="thread') == 3
    assert shown.count('class="spot began"') == 1
    through = re.findall(
        "<title>.*?(\\d+) (?:came through them|人经其而来)</title>", shown.replace("：", ": ")
    )
    assert sorted(through) == ["0", "0", "1", "3"]


def test_a_content_that_moved_nobody_says_what_belongs_here(visitor: Visit) -> None:
    content = _passed_on(("li", None))
    shown = visitor("marketer").get(reverse("cascade", args=[content])).text
    assert "Nobody was seen to come through somebody" in shown
    assert '<svg viewBox="0 0 480 480"' not in shown


def test_only_who_may_see_influence_sees_a_cascade(visitor: Visit) -> None:
    address = reverse("cascade", args=[1])
    assert visitor("care").get(address).status_code == 403
    assert visitor(None).get(address).status_code == 302


def _passed_on(*steps: tuple[str, str | None]) -> int:
    """The content that these people passed on, each an hour after the one before."""
    rows = [
        {
            "key": bytes([n]) * 16,
            "kind": "opened" if through else "shared",
            "platform": "wechat",
            "account": "main",
            "actor": actor,
            "through": through,
            "content": "spring",
            "happened_at": STARTED + timedelta(hours=n),
        }
        for n, (actor, through) in enumerate(steps)
    ]
    with transaction(SOCIAL) as connection:
        accept(connection, "test", pa.Table.from_pylist(rows, schema=ACTIVITY_SCHEMA))
    hear()
    with Engine() as engine:
        refresh_ties(engine, STARTED + timedelta(days=1), SILENT)
    row = raw(SOCIAL).execute("SELECT id FROM content").fetchone()
    assert row is not None
    return int(row[0])
