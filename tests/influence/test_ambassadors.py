"""The room on a real lake: ties, weights, communities and ambassadors from engagements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from guanxi.consent import tables as consent_tables
from guanxi.correlation import tables as correlation_tables
from guanxi.customers import tables as customers_tables
from guanxi.influence.actions import (
    activate_ambassador,
    approve_ambassador,
    decline_ambassador,
    reconsider_ambassador,
    rest_ambassador,
)
from guanxi.influence.choosing.actions import ask_choice, carry_out_choice, choose_ambassadors
from guanxi.influence.choosing.choice import Wanted
from guanxi.influence.choosing.queries import UnderWay, choice_words, under_way, what_if
from guanxi.influence.map.queries import map_view
from guanxi.influence.models import Ambassador
from guanxi.influence.queries import (
    ambassadors,
    bands,
    coverage,
    evidence_of,
    latest_run,
    reach_steps,
    ripples_of,
)
from guanxi.influence.refresh import refresh_communities, refresh_ties, refresh_weights
from guanxi.influence.tables import TABLES
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

AGENCY = Actor(8, "Outside", frozenset({Role.AGENCY}))
HUB, SECOND_HUB, LURKER = 1, 2, 99


def _rows(table: LakeTable, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{f.name: row.get(f.name) for f in table.schema} for row in rows], table.schema
    )


def _engagements(now: datetime) -> list[dict[str, object]]:
    """Fan 1 moved 10 to 29, fan 2 moved 30 to 39; 10 moved 40; contents 5 and 6 were shared by 1."""
    told = [(HUB, None, "shared", 5), (HUB, None, "shared", 6)]
    told += [(fan, HUB, "opened", 5) for fan in range(10, 30)] + [
        (10, HUB, "opened", 6),
        (10, HUB, "reshared", 6),
    ]
    told += [(fan, SECOND_HUB, "replied", None) for fan in range(30, 40)] + [
        (30, SECOND_HUB, "replied", None)
    ]
    told += [
        (40, 10, "opened", 6),
        (41, None, "opened", 6),
        (HUB, HUB, "opened", 5),
        (LURKER, None, "viewed", 5),
    ]
    moments = [now - timedelta(hours=len(told) - i) for i in range(len(told))]
    return [
        {"id": i, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": content, "through": through,
         "happened_at": moment, "day": moment.date(), "recorded_at": moment}
        for i, ((fan, through, kind, content), moment) in enumerate(zip(told, moments, strict=True), 1)
    ]  # fmt: skip


@pytest.fixture
def engine(house: object, now: datetime) -> Iterator[Engine]:
    heard = _engagements(now)
    fans = sorted({int(str(row["fan"])) for row in heard} | {SECOND_HUB})
    day = now.date()
    mirrored = [{"fan": f, "account": 1, "platform": "echo", "first_day": day, "last_day": day} for f in fans]
    done = [
        {"fan": row["fan"], "day": day, "month": day.replace(day=1), "kind": row["kind"], "n": 1, "moved": 0}
        for row in heard
    ]
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, [*social.TABLES, *(t for t in TABLES if t.side is Side.SOCIAL)])
        lake = Lake(Side.SOCIAL)
        lake.append(connection, social.ENGAGEMENT, _rows(social.ENGAGEMENT, heard))
        lake.swap(connection, social.FAN, _rows(social.FAN, mirrored))
        lake.swap(connection, social.ACTIVITY, _rows(social.ACTIVITY, done))
    with transaction(RELATIONSHIP) as connection:
        ours = [t for t in TABLES if t.side is Side.RELATIONSHIP]
        refused = [consent_tables.NO_PROFILING, consent_tables.SUPPRESSED]
        catalog.declare(connection, [*correlation_tables.TABLES, *refused, *ours])
    with transaction(CUSTOMERS) as connection:
        catalog.declare(connection, customers_tables.TABLES)
    with Engine(memory="500MB") as opened:
        yield opened


@pytest.fixture
def refreshed(engine: Engine, now: datetime) -> Engine:
    refresh_ties(engine, now, SILENT)
    refresh_weights(engine, now, SILENT)
    refresh_communities(engine, now, SILENT)
    return engine


def _ties(engine: Engine) -> dict[tuple[int, int], dict[str, object]]:
    rows = engine.ask("SELECT * FROM social.tie").to_pylist()
    return {(row["influencer"], row["influenced"]): row for row in rows}


def test_a_tie_counts_distinct_occasions_and_what_the_influencer_gave(refreshed: Engine) -> None:
    ties = _ties(refreshed)
    assert len(ties) == 31
    assert (ties[1, 10]["successes"], ties[1, 10]["opportunities"]) == (2, 2)
    assert (ties[1, 11]["successes"], ties[1, 11]["opportunities"]) == (1, 2)
    assert (ties[2, 30]["successes"], ties[2, 30]["opportunities"]) == (2, 0)
    assert (ties[10, 40]["successes"], ties[10, 40]["opportunities"]) == (1, 1)
    assert all(0 < t["low"] <= t["probability"] <= t["high"] <= 1 for t in ties.values())
    assert ties[1, 10]["probability"] > ties[1, 11]["probability"]


def test_weights_count_people_moved_directly_and_through_them(refreshed: Engine) -> None:
    found = ripples_of(AGENCY, refreshed, HUB)
    assert found.influence is not None
    assert (found.influence.direct, found.influence.second) == (20, 1)
    assert found.influence.community_size == 20
    assert found.moves[0].influenced == 10
    assert [t.influencer for t in ripples_of(AGENCY, refreshed, 40).moved_by] == [10]
    assert ripples_of(AGENCY, refreshed, 12345).influence is None
    counted = bands(AGENCY, refreshed)
    assert sum(counted.values()) == 35
    assert counted["listener"] == 1


def test_refreshing_twice_changes_nothing(refreshed: Engine, now: datetime) -> None:
    before = [refreshed.ask(f"SELECT * FROM social.{name}") for name in ("tie", "weight", "community")]
    refresh_ties(refreshed, now, SILENT)
    refresh_weights(refreshed, now, SILENT)
    refresh_communities(refreshed, now, SILENT)
    assert before == [
        refreshed.ask(f"SELECT * FROM social.{name}") for name in ("tie", "weight", "community")
    ]


def test_nothing_later_than_the_moment_asked_for_counts(engine: Engine, now: datetime) -> None:
    assert refresh_ties(engine, now - timedelta(days=9), SILENT).ties == 0
    assert refresh_weights(engine, now, SILENT).fans == 35
    assert refresh_communities(engine, now, SILENT).communities == 0
    assert choose_ambassadors(SYSTEM, engine, now).run is None
    assert len(map_view(SYSTEM, engine).fan) == 0
    assert reach_steps(SYSTEM, engine) == ()


def test_a_choice_makes_a_shortlist_with_its_run_and_its_back_test(refreshed: Engine, now: datetime) -> None:
    report = choose_ambassadors(SYSTEM, refreshed, now, k=2)
    rows = ambassadors(AGENCY, refreshed)
    assert {row.fan for row in rows} == {HUB, SECOND_HUB}
    assert [row.chosen_rank for row in rows] == [1, 2]
    assert all(row.influence is not None and row.state == "shortlisted" for row in rows)
    run = latest_run(AGENCY)
    assert run is not None
    assert (run.run, run.objective, run.k) == (report.run, "everybody", 2)
    assert run.low <= run.spread <= run.high
    assert dict(run.backtest).keys() >= {"most_movers", "learned_model", "hindsight"}


def test_known_customers_count_nothing_for_new_customers(refreshed: Engine, now: datetime) -> None:
    table = correlation_tables.LINK
    link = {"customer": 1, "purpose": "contact", "probability": 1.0, "state": "confirmed"}
    rows = [{"fan": fan, **link} for fan in [HUB, *range(10, 30)]]
    with transaction(RELATIONSHIP) as connection:
        Lake(Side.RELATIONSHIP).swap(connection, table, _rows(table, rows))
    choose_ambassadors(SYSTEM, refreshed, now, k=1)
    assert [row.fan for row in ambassadors(SYSTEM, refreshed)] == [SECOND_HUB]
    run = latest_run(SYSTEM)
    assert run is not None
    assert run.objective == "new_customers"


def test_no_choice_overrides_what_a_person_decided(refreshed: Engine, now: datetime) -> None:
    choose_ambassadors(SYSTEM, refreshed, now, k=2)
    decline_ambassador(SYSTEM, HUB, "works for us", now)
    approve_ambassador(SYSTEM, SECOND_HUB, now)
    activate_ambassador(SYSTEM, SECOND_HUB, now)
    choose_ambassadors(SYSTEM, refreshed, now, k=2)
    states = {row.fan: (row.state, row.reason) for row in ambassadors(SYSTEM, refreshed)}
    assert states[HUB] == ("declined", "works for us")
    assert states[SECOND_HUB] == ("active", "")
    assert [fan for fan, (state, _) in states.items() if state == "shortlisted"] == [
        10
    ]  # nobody else moves anybody
    verbs = raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id").fetchall()
    assert [v for (v,) in verbs] == [
        "ambassadors_chosen", "ambassador_declined", "ambassador_invited", "ambassador_active", "ambassadors_chosen",
    ]  # fmt: skip


def test_whoever_was_declined_by_mistake_is_put_back_and_proposed_again(
    refreshed: Engine, now: datetime
) -> None:
    choose_ambassadors(SYSTEM, refreshed, now, k=1)
    with pytest.raises(Refused, match="not_permitted"):
        reconsider_ambassador(AGENCY, HUB, now)
    decline_ambassador(SYSTEM, HUB, "the wrong line", now)
    reconsider_ambassador(SYSTEM, HUB, now)
    assert Ambassador.objects.get(fan=HUB).state == "shortlisted"
    choose_ambassadors(SYSTEM, refreshed, now, k=1)
    assert [(row.fan, row.state, row.reason) for row in ambassadors(SYSTEM, refreshed)] == [
        (HUB, "shortlisted", "")
    ]
    kept = raw(RELATIONSHIP).execute(
        "SELECT detail->>'reason' FROM audit_entry WHERE verb = 'ambassador_declined'"
    )
    assert kept.fetchall() == [("the wrong line",)]


def test_only_who_may_decides_and_only_in_order(refreshed: Engine, now: datetime) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        choose_ambassadors(AGENCY, refreshed, now)
    choose_ambassadors(SYSTEM, refreshed, now, k=1)
    fan = Ambassador.objects.get().fan
    with pytest.raises(Refused, match="not_permitted"):
        approve_ambassador(AGENCY, fan, now)
    with pytest.raises(Refused, match="reason_missing"):
        decline_ambassador(SYSTEM, fan, " ", now)
    with pytest.raises(Refused, match="ambassador_not_there_yet"):
        rest_ambassador(SYSTEM, fan, "", now)
    with pytest.raises(Refused, match="no_such_ambassador"):
        approve_ambassador(SYSTEM, 424242, now)


def test_a_choice_says_how_sure_against_which_lists_and_whom_it_passed_over(
    refreshed: Engine, now: datetime
) -> None:
    choose_ambassadors(SYSTEM, refreshed, now, k=1)
    run = latest_run(AGENCY)
    assert run is not None
    sure = run.found["certainty"]
    assert (sure["worlds"], list(sure["chosen"])) == (20, [str(HUB)])
    assert 0.2 < sure["chosen"][str(HUB)] <= 1
    assert sure["low"] <= run.spread * 1.2
    assert sure["high"] >= run.spread * 0.8
    assert run.found["lists"]["most_movers"]["fans"] == [HUB]
    assert run.found["own_spread"] == pytest.approx(run.spread, rel=0.1)
    passed = {one["fan"]: one["why"] for one in run.found["passed"]}
    assert passed[SECOND_HUB] == "passed_moves_fewer"


def test_others_are_tried_at_once_on_the_sets_that_the_choice_kept(refreshed: Engine, now: datetime) -> None:
    assert what_if(SYSTEM, refreshed, [HUB]) is None
    choose_ambassadors(SYSTEM, refreshed, now, k=2)
    both, one = (what_if(SYSTEM, refreshed, fans) for fans in ([HUB, SECOND_HUB], [SECOND_HUB]))
    assert both is not None
    assert one is not None
    run = latest_run(SYSTEM)
    assert run is not None
    assert both.spread == pytest.approx(run.spread, rel=0.05)
    assert both.low < both.spread < both.high
    assert sum(both.adds) == pytest.approx(both.spread)
    assert one.spread == pytest.approx(both.adds[1], rel=0.1)
    assert what_if(SYSTEM, refreshed, [424242]) == what_if(SYSTEM, refreshed, [LURKER])
    with pytest.raises(Refused, match="not_permitted"):
        what_if(AGENCY, refreshed, [HUB])


def test_a_choice_that_was_asked_for_is_carried_out_with_its_settings(
    refreshed: Engine, now: datetime
) -> None:
    wanted = Wanted("everybody", k=5, budget=10, costs={"igniter": 9, "amplifier": 9, "participant": 4})
    run = ask_choice(SYSTEM, wanted, now)
    assert under_way(AGENCY) == UnderWay(run, "asked", "", "")
    with pytest.raises(Refused, match="choice_under_way"):
        ask_choice(SYSTEM, wanted, now)
    report = carry_out_choice(refreshed, run, now)
    assert (report.run, under_way(AGENCY)) == (run, None)
    done = latest_run(AGENCY)
    assert done is not None
    assert done.asked == wanted
    assert 0 < done.found["cost"] <= 10
    assert carry_out_choice(refreshed, run, now).run is None


def test_a_choice_for_the_worst_case_says_what_it_does_there_and_what_its_past_did_not_say(
    refreshed: Engine, now: datetime
) -> None:
    wanted = Wanted("everybody", k=1, community_max=1, robust=True)
    carry_out_choice(refreshed, ask_choice(SYSTEM, wanted, now), now)
    run = latest_run(SYSTEM)
    assert run is not None
    worst = run.found["worst"]
    assert worst["worlds"] == 16
    assert worst["low"] <= worst["spread"] <= run.spread * 1.1
    assert worst["plain"] <= worst["spread"] * 1.1
    assert run.found["as_today"] == ["communities"]
    assert run.asked == wanted
    assert run.backtest_movers > 0


def test_only_the_audience_counts_and_one_community_gives_no_more_than_its_cap(
    refreshed: Engine, now: datetime
) -> None:
    facts = [
        {"fan": f, "name": "city", "value": "成都", "source": "x", "confidence": 1.0, "best": True}
        for f in range(30, 40)
    ]
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).swap(connection, social.FAN_FACT, _rows(social.FAN_FACT, facts))
    carry_out_choice(refreshed, ask_choice(SYSTEM, Wanted("everybody", k=1, city="成都"), now), now)
    assert [row.fan for row in ambassadors(SYSTEM, refreshed)] == [SECOND_HUB]
    carry_out_choice(refreshed, ask_choice(SYSTEM, Wanted("everybody", k=9, community_max=1), now), now)
    rows = ambassadors(SYSTEM, refreshed)
    found = [row.influence.community for row in rows if row.influence and row.influence.community is not None]
    assert len(found) == len(set(found)) >= 2
    assert choice_words(AGENCY, refreshed).cities == ("成都",)


def test_who_opted_out_or_is_staff_is_not_chosen_and_the_choice_says_so(
    refreshed: Engine, now: datetime
) -> None:
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).swap(
            connection, social.FAN_TAG, _rows(social.FAN_TAG, [{"fan": HUB, "tag": "staff"}])
        )
    with transaction(RELATIONSHIP) as connection:
        table = consent_tables.NO_PROFILING
        Lake(Side.RELATIONSHIP).swap(connection, table, _rows(table, [{"identity": 2 * SECOND_HUB}]))
    choose_ambassadors(SYSTEM, refreshed, now, k=1)
    assert {row.fan for row in ambassadors(SYSTEM, refreshed)}.isdisjoint({HUB, SECOND_HUB})
    run = latest_run(SYSTEM)
    assert run is not None
    passed = {one["fan"]: one["why"] for one in run.found["passed"]}
    assert (passed[HUB], passed[SECOND_HUB]) == ("tagged_out", "opted_out")


def test_what_customers_spent_is_what_they_count_and_only_who_may_see_it_asks(
    refreshed: Engine, now: datetime
) -> None:
    link, rfm = correlation_tables.LINK, customers_tables.RFM
    links = [
        {"fan": 30 + i, "customer": i + j, "purpose": purpose, "probability": 0.9, "state": "confirmed"}
        for i in range(5)
        for j, purpose in ((0, "reward"), (10, "reward"), (0, "contact"), (20, "contact"))
    ]
    with transaction(RELATIONSHIP) as connection:
        Lake(Side.RELATIONSHIP).swap(connection, link, _rows(link, links))
    with transaction(CUSTOMERS) as connection:
        known = [(i + ten, each + i) for i in range(5) for ten, each in ((0, 600), (10, 400), (20, 10**5))]
        spent = [{"customer": customer, "monetary": money, "frequency": 1} for customer, money in known]
        Lake(Side.CUSTOMERS).swap(connection, rfm, _rows(rfm, spent))
    carry_out_choice(refreshed, ask_choice(SYSTEM, Wanted("value", k=1), now), now)
    assert {row.fan for row in ambassadors(SYSTEM, refreshed)} == {SECOND_HUB}
    run = latest_run(SYSTEM)
    assert run is not None
    assert 500 < run.spread < 5100
    assert latest_run(AGENCY) is None
    assert [row.marginal for row in ambassadors(AGENCY, refreshed)] == [None]
    assert [row.marginal for row in ambassadors(SYSTEM, refreshed)] == [run.seeds[0][1]]
    assert all(row.in_money for row in ambassadors(AGENCY, refreshed))


def test_a_choice_that_cannot_be_made_is_refused_and_makes_room_for_the_next(
    engine: Engine, now: datetime
) -> None:
    run = ask_choice(SYSTEM, Wanted(), now)
    assert carry_out_choice(engine, run, now).run is None
    assert under_way(SYSTEM) == UnderWay(run, "refused", "", "no_ties_yet")
    assert ask_choice(SYSTEM, Wanted(), now) > run
    wrongs = ({"k": 0}, {"k": 10**6}, {"budget": -1}, {"costs": {"igniter": -1}}, {"community_max": 0})
    for wrong in ({"objective": "fame"}, *wrongs):
        with pytest.raises(Refused):
            Wanted(**wrong)


def test_every_number_leads_to_its_rows_and_says_its_coverage(refreshed: Engine, now: datetime) -> None:
    behind = evidence_of(AGENCY, refreshed, HUB, 10)
    assert [(row.kind, row.content) for row in behind] == [("reshared", 6), ("opened", 6), ("opened", 5)]
    seen = coverage(AGENCY, refreshed)
    assert (seen.passed_on, seen.named) == (36, 35)
    assert seen.share == pytest.approx(35 / 36)


def test_the_map_draws_ties_between_placed_fans(refreshed: Engine) -> None:
    view = map_view(AGENCY, refreshed, ties=10)
    assert len(view.source) == 10
    assert len(view.fan) == len(set(zip(view.x.tolist(), view.y.tolist(), strict=True)))
    assert view.fan[view.source[0]] in {HUB, SECOND_HUB}
    assert view.weight.tolist() == sorted(view.weight.tolist(), reverse=True)
    steps = reach_steps(AGENCY, refreshed)
    assert steps[-1].share_of_weight == pytest.approx(1)
    assert [s.share_of_weight for s in steps] == sorted(s.share_of_weight for s in steps)
