"""The map: its columns as the browser reads them, the search, and a fan's ripples and replay as tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.consumers import hear
from guanxi.influence.models import Ambassador, SeedRun
from guanxi.influence.refresh import refresh_communities, refresh_ties, refresh_weights
from guanxi.lake.engine import Engine
from guanxi.listen.accept import accept
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.social.models import Fan
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.time import parse_moment

Visit = Callable[..., Client]
STARTED = parse_moment("2026-10-01T08:00:00+00:00")
STEPS = (("li", None), ("mei", "li"), ("kai", "mei"), ("lan", "li"), ("bo", None), ("qi", "bo"))
WORDS = {"en": "Ripples, hop by hop", "zh-hans": "一度、二度传播"}


def test_the_graph_is_for_who_may_see_influence(visitor: Visit) -> None:
    seen = _columns(visitor("agency").get(reverse("map_graph")).content)
    assert (seen["fans"], seen["ties"]) == (0, 0)
    for address in (reverse("map_graph"), reverse("map_found"), reverse("map_fan", args=[1])):
        assert visitor("care").get(address).status_code == 403
        assert visitor(None).get(address).status_code == 302


def test_columns_hold_each_tie_between_the_fans_it_joins(visitor: Visit) -> None:
    fans = _passed_on()
    seen = _columns(visitor("marketer").get(reverse("map_graph")).content)
    ends = [(seen["fan"][seen[end]]).tolist() for end in ("source", "target")]
    assert set(zip(*ends, strict=True)) == {
        (fans[a], fans[b]) for a, b in (("li", "mei"), ("mei", "kai"), ("li", "lan"), ("bo", "qi"))
    }
    assert seen["weight"].tolist() == sorted(seen["weight"].tolist(), reverse=True)
    assert len(seen["names"]) == seen["fans"] == 6


def test_ambassadors_and_circles_are_told_with_the_map(visitor: Visit) -> None:
    fans = _passed_on()
    _invited(fans["li"])
    client = visitor("marketer")
    seen = _columns(client.get(reverse("map_graph")).content)
    assert [fan for fan, standing in zip(seen["fan"], seen["standing"], strict=True) if standing == 2] == [
        fans["li"]
    ]
    shown = client.get(reverse("map")).text
    assert "data-map-ambassadors" in shown
    assert shown.count("data-circle-name") == len(set(seen["community"].tolist()))
    assert ("chart-lorenz" in shown) == bool(seen["weight"].any())


def test_the_search_finds_by_name_for_who_may_see_names_and_by_number_for_all(visitor: Visit) -> None:
    fans = _passed_on()
    found = visitor("marketer").get(reverse("map_found"), {"q": str(fans["mei"])}).json()
    assert [one["fan"] for one in found["fans"]] == [fans["mei"]]
    assert visitor("marketer").get(reverse("map_found"), {"q": ""}).json() == {"fans": []}


def test_of_those_with_one_name_the_search_finds_the_weightiest_first_and_whoever_is_not_on_the_map_last(
    visitor: Visit,
) -> None:
    fans = _passed_on()
    account = Fan.objects.get(pk=fans["li"]).account_id
    apart = Fan.objects.create(account_id=account, key=b"apart", external_id="apart")
    Fan.objects.update(name="阿明")
    client = visitor("marketer")
    seen = _columns(client.get(reverse("map_graph")).content)
    found = [one["fan"] for one in client.get(reverse("map_found"), {"q": "阿明"}).json()["fans"]]
    assert found == [*seen["fan"].tolist(), apart.pk]
    Fan.objects.filter(pk=fans["qi"]).update(name="明")
    assert client.get(reverse("map_found"), {"q": "明"}).json()["fans"][0]["fan"] == fans["qi"]


def test_the_search_finds_by_platform_id_and_by_handle_whoever_may_see_names(visitor: Visit) -> None:
    fans = _passed_on()
    mei, kai = (Fan.objects.get(pk=fans[name]) for name in ("mei", "kai"))
    fact = {"source": "shop", "confidence": 0.9, "at": "2026-10-01T00:00:00Z"}
    Fan.objects.filter(pk=kai.pk).update(facts=[{"name": "handle", "value": "@kai_runs", **fact}])
    Fan.objects.filter(pk=mei.pk).update(facts=[{"name": "city", "value": "kai_runs", **fact}])

    def found(role: str, text: str) -> list[int]:
        told = visitor(role).get(reverse("map_found"), {"q": text}).json()["fans"]
        return [one["fan"] for one in told]

    assert found("marketer", mei.external_id) == [mei.pk]
    assert found("marketer", "@kai_runs") == found("marketer", "kai_runs") == [kai.pk]
    assert found("marketer", "kai_run") == []
    assert found("analyst", "kai_runs") == found("analyst", mei.external_id) == []


@pytest.mark.parametrize("language", list(WORDS))
def test_a_fan_on_the_map_is_told_hop_by_hop_and_step_by_step(visitor: Visit, language: str) -> None:
    fans = _passed_on()
    client = visitor("marketer", language)
    shown = client.get(reverse("map_fan", args=[fans["li"]])).text
    assert WORDS[language] in shown
    assert shown.count(f'href="{reverse("fan", args=[fans["kai"]])}"') >= 1
    assert f'href="{reverse("fan", args=[fans["qi"]])}"' not in shown
    told = client.get(reverse("map_replay", args=[fans["li"]])).json()
    assert told["all"] == 3
    assert told["fan"] == [fans["mei"], fans["kai"], fans["lan"]]
    assert told["hops"] == [1, 2, 1]
    assert told["at"] == sorted(told["at"])


@pytest.mark.parametrize("language", list(WORDS))
def test_the_circle_on_the_map_is_everybody_with_a_tie_and_says_in_what_they_are_alike(
    visitor: Visit, language: str
) -> None:
    fans = _passed_on()
    client = visitor("marketer", language)
    told = client.get(reverse("map_circle", args=[fans["li"]])).json()
    assert set(told["fan"]) == {fans["mei"], fans["lan"]}
    assert len(told["alike"]) == 2
    assert told["told"].startswith({"en": "2 people around them", "zh-hans": "身边有 2 人"}[language])
    assert client.get(reverse("map_circle", args=[999_999])).json()["fan"] == []
    assert visitor("care").get(reverse("map_circle", args=[fans["li"]])).status_code == 403


def test_a_fan_whom_nobody_follows_says_so(visitor: Visit) -> None:
    fans = _passed_on()
    assert visitor("marketer").get(reverse("map_replay", args=[fans["qi"]])).json()["all"] == 0
    assert (
        "No tie of the map leads away" in visitor("marketer").get(reverse("map_fan", args=[fans["qi"]])).text
    )


def _invited(fan: int) -> None:
    promised = dict.fromkeys(("spread", "low", "high", "guarantee", "delta", "seconds", "people", "ties"), 1)
    run = SeedRun.objects.create(as_of=STARTED, parameters={}, seeds=[], **promised)
    Ambassador.objects.create(fan=fan, state="invited", chosen_rank=1, marginal=2.0, run=run)


def _columns(content: bytes) -> dict[str, Any]:
    """What the browser makes of it: the head, then each column from a multiple of 8."""
    size = int.from_bytes(content[:8], "little")
    head: dict[str, Any] = json.loads(content[8 : 8 + size])
    at = 8 + size
    for name, kind, length in head.pop("columns"):
        assert at % 8 == 0
        head[name] = np.frombuffer(content, kind, length, at)
        at += -(-head[name].nbytes // 8) * 8
    assert at == len(content)
    return head


def _passed_on() -> dict[str, int]:
    """These people passed a content on, each an hour after the one before; fans by their outside id."""
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
        for n, (actor, through) in enumerate(STEPS)
    ]
    with transaction(SOCIAL) as connection:
        accept(connection, "test", pa.Table.from_pylist(rows, ACTIVITY_SCHEMA))
    hear()
    now = STARTED + timedelta(days=2)
    with Engine() as engine:
        for refresh in (refresh_ties, refresh_weights, refresh_communities):
            refresh(engine, now, SILENT)
    return dict(raw(SOCIAL).execute("SELECT external_id, id FROM fan").fetchall())
