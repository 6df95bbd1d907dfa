"""What a fan allowed and withdrew, on their page; and the list of fans before any month was scored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.consumers import hear
from guanxi.listen.accept import accept
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA

Visit = Callable[..., Client]


@pytest.fixture
def opted_out(house: Installation) -> int:
    """A fan who wrote a word that opts out."""
    told = [("followed", None), ("withdrew", json.dumps({"by": "message"}))]
    now = datetime.now(UTC)
    with transaction(SOCIAL) as connection:
        rows = [
            {
                **dict.fromkeys(ACTIVITY_SCHEMA.names),
                **{"key": bytes([n] * 16), "kind": kind, "platform": "wechat", "account": "main"},
                **{"actor": "o1", "happened_at": now, "traits": traits},
            }
            for n, (kind, traits) in enumerate(told)
        ]
        accept(connection, "test", pa.Table.from_pylist(rows, schema=ACTIVITY_SCHEMA))
    hear()
    row = raw(SOCIAL).execute("SELECT id FROM fan").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(
    ("role", "language", "shown"),
    [
        ("admin", "en", "withdrew consent"),
        ("care", "zh-hans", "撤回授权"),
        ("analyst", "en", None),
        ("agency", "en", None),
    ],
)
def test_whoever_sees_people_reads_on_a_fans_page_that_they_withdrew(
    visitor: Visit, opted_out: int, role: str, language: str, shown: str | None
) -> None:
    page = visitor(role, language).get(reverse("fan", args=[opted_out]))
    assert page.status_code == 200
    timeline = page.text.partition('class="timeline"')[2].partition("</ol>")[0]
    assert (shown in timeline) if shown else ("consent" not in timeline)


def test_before_anything_is_scored_the_list_names_no_month(visitor: Visit, opted_out: int) -> None:
    page = visitor("admin").get(reverse("fans")).text
    assert "Who is best, and by what?" in page
    assert "1970" not in page
