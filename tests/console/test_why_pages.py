"""The list of ambassadors says of each what sets them apart, with numbers; the map says why estimates differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from html import unescape

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.influence.choosing.why import Marked, Seen
from guanxi.influence.models import Ambassador, SeedRun
from guanxi.influence.tables import LIKENESS, TIE
from guanxi.lake.store import Lake
from guanxi.records.databases import SOCIAL, transaction
from guanxi.vocabulary.ids import Side

Visit = Callable[..., Client]
HOSTILE = "<script>alert(1)</script>"
SEEN = [
    Seen(7, 20.0, 19.0, 22.0, 30, 10, 28, 60, 34, 120, 3, 900, Marked("成都", 12, 15, 0.1), None, 1.0),
    Seen(8, 30.0, 6.0, 24.0, 40, 5, 4, 61, 30, 150, 4, 100, None, Marked(HOSTILE, 9, 10, 0.2), 0.2),
    Seen(9, 10.0, 8.0, 12.0, 12, 40, 6, 3, 0, 0, 4, 100, None, None, 0.9),
]
TOLD = {
    "en": (
        "nobody else here reaches 19.0 of the 20.0 people expected",
        "28 of 30 people moved are not customers yet",
        "others here reach 24.0 of the 30.0 people expected",
        "moved 40 people through others, 12 directly",
    ),
    "zh-hans": (
        "预计能带动 20.0 人，其中 19.0 人名单里只有 TA 能带动",
        "带动过的 30 人里有 28 人还不是顾客",
        "其中 24.0 人名单里其他人也能带动",
        "通过他人带动 40 人",
    ),
}


def _chosen(objective: str = "everybody") -> None:
    numbers = {"spread": 40.0, "low": 30.0, "high": 50.0, "guarantee": 0.8, "delta": 0.01, "seconds": 1.0}
    run = SeedRun.objects.create(
        as_of=datetime(2026, 11, 1, tzinfo=UTC),
        parameters={"k": 3, "objective": objective, "epsilon": 0.05},
        seeds=[{"fan": one.fan, "marginal": 10.0} for one in SEEN],
        people=99,
        ties=98,
        found={
            "seen": [asdict(one) for one in SEEN],
            "certainty": {"worlds": 20, "chosen": {"7": 1.0}, "low": 30.0, "high": 50.0},
        },
        **numbers,
    )
    for rank, one in enumerate(SEEN, 1):
        Ambassador.objects.create(fan=one.fan, state="shortlisted", chosen_rank=rank, marginal=10.0, run=run)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_row_says_what_sets_the_fan_apart_with_numbers(visitor: Visit, language: str) -> None:
    _chosen()
    shown = unescape(visitor("admin", language).get(reverse("ambassadors")).text)
    assert [text for text in TOLD[language] if text not in shown] == []
    one = unescape(visitor("admin", language).get(reverse("ambassador", args=[7])).text)
    assert TOLD[language][0] in one
    assert TOLD[language][2] not in one


def test_hostile_words_stay_words_and_customers_are_not_told_to_who_may_not_see_them(visitor: Visit) -> None:
    _chosen()
    admin = visitor("admin").get(reverse("ambassadors")).text
    assert HOSTILE not in admin
    assert "people moved are not customers yet" in admin
    assert "people moved are not customers yet" not in visitor("agency").get(reverse("ambassadors")).text


def test_a_choice_by_money_speaks_of_shares_and_one_without_reasons_kept_says_none(visitor: Visit) -> None:
    _chosen("value")
    shown = unescape(visitor("admin").get(reverse("ambassadors")).text)
    assert "of what is expected" in shown
    assert "people expected" not in shown
    SeedRun.objects.update(found={})
    assert visitor("admin").get(reverse("ambassador", args=[7])).status_code == 200


def test_what_a_person_said_stands_as_they_wrote_it(visitor: Visit) -> None:
    _chosen()
    Ambassador.objects.filter(fan=7).update(state="declined", reason="works for rival_brand")
    assert "works for rival_brand" in visitor("admin").get(reverse("ambassadors")).text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_ties_page_says_why_the_estimates_of_likeness_differ(visitor: Visit, language: str) -> None:
    estimates = dict.fromkeys((f.name for f in LIKENESS.schema), 0.88) | {
        "platform": "echo", "exposures": 900, "followed": 90, "timed": 90, "turned_followed": 30,
    }  # fmt: skip
    tie = {
        "influencer": 1, "influenced": 2, "platform": "echo", "successes": 2, "opportunities": 3,
        "first_day": datetime(2026, 10, 1, tzinfo=UTC).date(), "last_day": datetime(2026, 10, 2, tzinfo=UTC).date(),
        "probability": 0.4, "low": 0.1, "high": 0.6,
    }  # fmt: skip
    said = {"en": "Why these estimates differ", "zh-hans": "为什么这几个估计不一样"}[language]
    page = reverse("tie", args=[1, 2])
    for known in (True, False):
        if not known:
            estimates |= dict.fromkeys(("shuffled", "turned"))
        with transaction(SOCIAL) as connection:
            Lake(Side.SOCIAL).swap(connection, TIE, pa.Table.from_pylist([tie], TIE.schema))
            Lake(Side.SOCIAL).swap(connection, LIKENESS, pa.Table.from_pylist([estimates], LIKENESS.schema))
        assert (said in visitor("admin", language).get(page).text) is known
