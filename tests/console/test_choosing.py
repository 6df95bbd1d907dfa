"""Choosing ambassadors again from the console, and trying others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition import jobs
from guanxi.customers.tables import ORDERS
from guanxi.influence.learning.queries import half_life_in_force
from guanxi.influence.models import Ambassador, SeedRun
from guanxi.influence.tables import REACH_SET
from guanxi.lake import catalog
from guanxi.lake.store import Lake
from guanxi.records.databases import RELATIONSHIP, SOCIAL, alias_of, raw, transaction
from guanxi.vocabulary.ids import Side

Visit = Callable[..., Client]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
FORM = {
    "objective": "everybody",
    "k": "7",
    "budget": "900",
    "cost_igniter": "300",
    "community_max": "2",
    "city": "成都",
}


def _done(**found: object) -> SeedRun:
    parameters = {"k": 2, "objective": "everybody", "epsilon": 0.05}
    numbers = {"spread": 40.0, "low": 30.0, "high": 50.0, "guarantee": 0.8, "delta": 0.01, "seconds": 1.0}
    seeds = [{"fan": 7, "marginal": 30.0}, {"fan": 8, "marginal": 10.0}]
    return SeedRun.objects.create(
        as_of=NOW, parameters=parameters, seeds=seeds, people=99, ties=98, found=found, **numbers
    )


def _kept() -> None:
    rows = pa.table({"draw": [0, 1, 2, 2], "fan": [7, 7, 8, 9]})
    with transaction(RELATIONSHIP) as connection:
        catalog.declare(connection, [REACH_SET])
        Lake(Side.RELATIONSHIP).swap(connection, REACH_SET, rows.cast(REACH_SET.schema))


def test_a_choice_is_asked_for_with_its_settings_and_a_job_makes_it(visitor: Visit) -> None:
    client = visitor("marketer")
    client.post(reverse("choose_ambassadors"), FORM)
    run = SeedRun.objects.get()
    assert run.state == "asked"
    assert run.parameters["budget"] == 900
    assert (run.parameters["costs"]["igniter"], run.parameters["city"]) == (300, "成都")
    waiting = (
        raw(RELATIONSHIP)
        .execute("SELECT task_name, (args ->> 'run')::int FROM procrastinate_jobs")
        .fetchall()
    )
    assert waiting == [("guanxi.ambassadors", run.pk)]
    assert "A choice is under way" in client.get(reverse("ambassadors")).text
    client.post(reverse("choose_ambassadors"), FORM)
    assert SeedRun.objects.count() == 1


def test_a_choice_for_the_worst_case_is_asked_for_and_told(visitor: Visit) -> None:
    client = visitor("marketer")
    client.post(reverse("choose_ambassadors"), FORM | {"robust": "on"})
    assert SeedRun.objects.get().parameters["robust"] is True
    SeedRun.objects.all().delete()
    run = _done(
        worst={"worlds": 16, "spread": 31.0, "low": 28.0, "guarantee": 0.71, "plain": 22.0},
        as_today=["customers", "communities"],
    )
    run.parameters["robust"] = True
    run.backtest = {"reach": {"learned_model": 0.1, "hindsight": 0.2}, "best": "learned_model", "movers": 12}
    run.save()
    shown = client.get(reverse("ambassadors")).text
    assert "in 16 worlds" in shown
    assert "moves 31 people in the worst" in shown
    assert "71" in shown
    assert "who is a customer; who belongs to which community" in shown
    assert 'name="robust" checked' in shown
    told = visitor("marketer", "zh-hans").get(reverse("ambassadors")).text
    assert "谁是顾客；谁属于哪个兴趣社群" in told
    assert "在 16 种情形里" in told


def test_whoever_watches_a_choice_is_told_its_step_and_then_sees_its_list(visitor: Visit) -> None:
    client, watching = visitor("marketer"), {"HX-Trigger": "progress"}
    client.post(reverse("choose_ambassadors"), FORM)
    waiting = client.get(reverse("ambassadors"), headers=watching)
    assert "HX-Refresh" not in waiting.headers
    assert "waiting for its turn" in waiting.text
    SeedRun.objects.all().delete()
    _done()
    assert client.get(reverse("ambassadors"), headers=watching).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(reverse("ambassadors")).headers


def test_a_choice_by_spending_speaks_in_whole_units_of_money(visitor: Visit) -> None:
    run = _done(certainty={"worlds": 20, "chosen": {"7": 1.0}, "low": 350_000.0, "high": 390_000.0})
    run.parameters["objective"] = "value"
    run.seeds = [{"fan": 7, "marginal": 123_456.0}]
    run.spread, run.low, run.high = 400_000.0, 300_000.0, 500_000.0
    run.save()
    Ambassador.objects.create(fan=7, state="shortlisted", chosen_rank=1, marginal=123_456.0, run=run)
    order = {"id": 1, "customer": 1, "kind": "paid", "amount": 9, "currency": "CNY"}
    row = {f.name: order.get(f.name) for f in ORDERS.schema}
    with transaction(alias_of(Side.CUSTOMERS)) as connection:
        Lake(Side.CUSTOMERS).append(connection, ORDERS, pa.Table.from_pylist([row], ORDERS.schema))
    client = visitor("marketer")
    shown = client.get(reverse("ambassadors")).text
    assert "CNY spent so far" in shown
    assert "not the chosen themselves" in shown
    assert "great spenders" not in visitor("agency").get(reverse("ambassadors")).text
    assert "1,234.56" in shown
    assert "123,456" not in shown
    assert "moves 3,500 to 3,900 CNY spent so far" in shown
    assert "1,234.56 CNY spent so far" in client.get(reverse("ambassador", args=[7])).text


def test_a_choice_that_could_not_be_made_says_why(visitor: Visit) -> None:
    client = visitor("marketer")
    client.post(reverse("choose_ambassadors"), FORM)
    run = SeedRun.objects.get()
    jobs.ambassadors(run=run.pk, timestamp=int(NOW.timestamp()))
    run.refresh_from_db()
    assert (run.state, run.refusal) == ("refused", "nothing_heard")
    assert "The last choice was not made" in client.get(reverse("ambassadors")).text


@pytest.mark.parametrize(
    "wrong", [{"k": "0"}, {"k": "many"}, {"budget": "-1"}, {"objective": "fame"}, {"community_max": "x"}]
)
def test_settings_that_make_no_sense_ask_for_nothing(visitor: Visit, wrong: dict[str, str]) -> None:
    client = visitor("marketer")
    assert client.post(reverse("choose_ambassadors"), FORM | wrong).status_code == 400
    assert SeedRun.objects.count() == 0


def test_who_may_not_decide_does_not_choose_and_who_sees_no_customers_does_not_try(visitor: Visit) -> None:
    _done()
    for role in ("agency", "analyst", "care"):
        assert visitor(role).post(reverse("choose_ambassadors"), FORM).status_code == 403
    assert visitor("agency").get(reverse("try_ambassadors")).status_code == 403
    assert visitor(None).get(reverse("try_ambassadors")).status_code == 302
    assert 'id="choose"' not in visitor("agency").get(reverse("ambassadors")).text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_others_are_tried_with_people_more_and_fewer(visitor: Visit, language: str) -> None:
    client = visitor("marketer", language)
    assert client.get(reverse("try_ambassadors")).status_code == 200
    _done(kept_sets=10, worth=100.0)
    _kept()
    whole = client.get(reverse("try_ambassadors")).text
    assert whole.count("?without=") == 2 * 2  # the link, and what asks for the part of the page alone
    assert re.search(r">\s*30\b", whole)
    tried = client.get(reverse("try_ambassadors"), {"without": "7", "with": ["9", "x", "9"]}).text
    assert re.search(r">\s*[-−]20\b", tried)
    assert tried.count('class="button" href') == 3


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_another_is_found_by_name_with_what_they_would_add_and_added_by_a_click(
    visitor: Visit, language: str
) -> None:
    _done(kept_sets=10, worth=100.0)
    _kept()
    for fan, name in ((7, "Lin Xia"), (9, "<b>Lin</b>")):
        raw(SOCIAL).execute(
            "INSERT INTO fan (id, account_id, key, external_id, name) VALUES (%s, 1, %s, %s, %s)",
            (fan, fan.to_bytes(16), f"f{fan}", name),
        )
    client = visitor("marketer", language)
    found = client.get(reverse("try_ambassadors"), {"q": "lin", "without": "8"}).text
    assert "&lt;b&gt;Lin&lt;/b&gt;" in found
    assert re.search(r">\+10\b", found)
    assert found.count("?without=8&amp;with=9") == 2
    back = client.get(reverse("try_ambassadors"), {"q": "8", "without": "8"}).text
    assert f'href="{reverse("try_ambassadors")}"' in back
    nobody = client.get(reverse("try_ambassadors"), {"q": "somebody else"}).text
    assert ("Nobody of that name" if language == "en" else "没有叫这个名字的人") in nobody
    unnamed = visitor("analyst", language).get(reverse("try_ambassadors"), {"q": "lin"})
    assert unnamed.status_code == 403 or "&lt;b&gt;" not in unnamed.text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_says_how_fragile_it_is_and_whom_it_passed_over(visitor: Visit, language: str) -> None:
    _done(
        certainty={"worlds": 20, "chosen": {"7": 1.0, "8": 0.5}, "low": 20.0, "high": 60.0},
        passed=[{"fan": 55, "alone": 9.0, "further": 1.0, "why": "passed_overlap"}],
        sure=0.632,
    )
    shown = visitor("marketer", language).get(reverse("ambassadors")).text
    assert reverse("fan", args=[55]) in shown
    said = "1 of the 2 on the list" if language == "en" else "名单 2 人里，有 1 人"
    assert said in shown


def test_the_half_life_of_evidence_is_shown_with_what_the_past_says_of_it_and_set_by_who_may(
    visitor: Visit,
) -> None:
    run = _done()
    day = 86_400_000_000.0
    told = [[None, 0.2], [64 * day, 0.25], [day / 3, 0.3]]
    run.backtest = {
        "reach": {"learned_model": 0.1, "hindsight": 0.2},
        "best": "learned_model",
        "movers": 12,
        "fading": {"half_life": None, "level": 0.1, "told": told},
    }
    run.save()
    client = visitor("admin")
    shown = client.get(reverse("ambassadors")).text
    assert shown.count("whatever its age, evidence counts in full") == 1
    assert [cell in shown for cell in ("<td>never</td>", "<td>64 days</td>", "<td>0 days</td>")] == [
        True,
        True,
        False,
    ]
    assert client.post(reverse("change_half_life"), {"half_life": "45"}).status_code == 302
    assert half_life_in_force() == 45
    assert "evidence counts half after 45 days" in client.get(reverse("ambassadors")).text
    for wrong in ("0", "many", "9999", "-3"):
        assert client.post(reverse("change_half_life"), {"half_life": wrong}).status_code == 400
    assert client.post(reverse("change_half_life"), {"half_life": ""}).status_code == 302
    assert half_life_in_force() is None
    assert "<td>64 天</td>" in visitor("admin", "zh-hans").get(reverse("ambassadors")).text
    agency = visitor("agency")
    assert agency.post(reverse("change_half_life"), {"half_life": "9"}).status_code == 403
    assert 'name="half_life"' not in agency.get(reverse("ambassadors")).text


def test_a_choice_for_a_topic_says_which_chances_it_went_by(visitor: Visit) -> None:
    run = _done(topic_strength=4.0)
    run.parameters["topic"] = "tea"
    run.save()
    client = visitor("marketer")
    assert "differ here by a factor of 1.5" in client.get(reverse("ambassadors")).text
    run.found = {"topic_strength": None}
    run.save()
    assert "chances are those of all topics" in client.get(reverse("ambassadors")).text
    assert "概率按全部主题计" in visitor("marketer", "zh-hans").get(reverse("ambassadors")).text


def test_a_choice_says_how_much_of_it_goes_to_people_without_a_tie(visitor: Visit) -> None:
    run = _done(unseen=12.4)
    client = visitor("marketer")
    assert "Of this, 12 (people) are expected beyond the ties" in client.get(reverse("ambassadors")).text
    assert (
        "其中 12（人）超出已有的影响关系" in visitor("marketer", "zh-hans").get(reverse("ambassadors")).text
    )
    run.found = {"unseen": 0.0}
    run.save()
    assert "beyond the ties" not in client.get(reverse("ambassadors")).text


def test_an_agency_sees_no_number_of_a_choice_by_spending(visitor: Visit) -> None:
    _done()
    run = _done()
    run.parameters["objective"] = "value"
    run.spread, run.low, run.high = 400_000.0, 300_000.0, 500_000.0
    run.save()
    Ambassador.objects.create(fan=7, state="shortlisted", chosen_rank=1, marginal=123_456.0, run=run)
    client = visitor("agency")
    for shown in (client.get(reverse("ambassadors")).text, client.get(reverse("ambassador", args=[7])).text):
        assert "123,456" not in shown
        assert "1,234" not in shown
        assert "4,000" not in shown
        assert "spent so far" not in shown
