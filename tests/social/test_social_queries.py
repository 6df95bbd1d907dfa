from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tellings import NOON, told

from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.social.mirror import refresh_mirror
from guanxi.social.mix import suggestion
from guanxi.social.models import Fan
from guanxi.social.queries.cards import fan_card, fan_timeline
from guanxi.social.queries.contents import (
    ContentFilter,
    content_platforms,
    content_title,
    contents,
    platform_mix,
    published_mix,
    topics,
)
from guanxi.social.queries.coverage import FactValue, coverage, fact_values, fan_count
from guanxi.social.queries.fans import SORTS, FanFilter, FanRow, fans
from guanxi.social.queries.scores import Part, best, months
from guanxi.social.refresh import refresh_activity
from guanxi.social.windows import Window, month_window, recent_window
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

NOVEMBER = month_window(date(2026, 11, 1))
AGENCY = Actor(3, "Outside", frozenset({Role.AGENCY}))
STRANGER = Actor(4, "Nobody", frozenset())


@pytest.fixture
def story(hear: Callable[..., None], engine: Engine) -> dict[str, int]:
    """Ann shares, Bob and Cid open; Dan only reads, and much of it."""

    def said(actor: str, source: str, confidence: float, **more: object) -> None:
        traits = {"source": source, "confidence": confidence, **more}
        hear(told("identified", actor, traits=json.dumps(traits)))

    post = {"title": "Spring tea", "kind": "article", "topics": ["tea"], "promotes_product": True}
    hear(told("published", "", content="p", traits=json.dumps(post)))
    said("ann", "form", 0.9, facts={"city": "Shanghai"}, name="Ann Li", phone="13800138000")
    said("ann", "guess", 0.3, facts={"city": "Wuxi"})
    hear(told("identified", "ann2", platform="weibo", traits='{"phone": "+86 138 0013 8000"}'))
    hear(told("followed", "ann"), told("followed", "bob"), told("unfollowed", "bob"))
    hear(told("shared", "ann", content="p", campaign="spring"))
    for hour, actor in enumerate(("bob", "cid"), start=1):
        hear(told("opened", actor, NOON + timedelta(hours=hour), through="ann", content="p"))
    hear(*(told("viewed", "dan", content="p") for _ in range(30)))
    refresh_mirror(engine, NOON + timedelta(days=9), SILENT)
    refresh_activity(engine, NOON + timedelta(days=9), SILENT)
    return dict(Fan.objects.values_list("external_id", "id"))


def test_who_was_best_of_the_month_depends_on_the_score_and_says_by_which_activities(
    story: dict[str, int], engine: Engine
) -> None:
    by_campaign = best(SYSTEM, engine, NOVEMBER)
    assert [(one.fan, one.name, one.campaign) for one in by_campaign[:1]] == [(story["ann"], "Ann Li", 400)]
    assert by_campaign[0].parts == (
        Part("opened", 0, 2, 0, 0, 200),
        Part("shared", 1, 0, 0, 0, 200),
        Part("followed", 1, 0, 0, 0, 0),
    )
    assert best(SYSTEM, engine, NOVEMBER, "daily")[0].fan == story["dan"]
    assert months(SYSTEM, engine) == (NOVEMBER.first,)
    assert best(SYSTEM, engine, month_window(date(2020, 1, 1))) == ()


def test_fans_are_filtered_sorted_and_paged(story: dict[str, int], engine: Engine) -> None:
    everybody = fans(SYSTEM, engine, NOVEMBER)
    assert everybody.total == 5
    assert everybody.rows[0].fan == story["ann"]
    assert [row.fan for row in fans(SYSTEM, engine, NOVEMBER, sort="-daily", limit=1).rows] == [story["dan"]]
    second = fans(SYSTEM, engine, NOVEMBER, sort="fan", offset=1, limit=2)
    assert [row.fan for row in second.rows] == sorted(story.values())[1:3]

    def chosen(**values: str) -> list[int]:
        return [row.fan for row in fans(SYSTEM, engine, NOVEMBER, FanFilter(**values), "fan").rows]  # type: ignore[arg-type]

    assert chosen(platform="weibo") == [story["ann2"]]
    assert chosen(follows="yes") == [story["ann"]]
    assert chosen(follows="no") == [story["bob"]]
    assert chosen(fact="city", fact_value="Shanghai") == [story["ann"]]
    assert chosen(fact="city", fact_value="Wuxi") == []
    assert chosen(text="ann l") == [story["ann"]]
    assert chosen(text=str(story["cid"])) == [story["cid"]]


def test_an_order_that_is_not_allowed_is_refused(story: dict[str, int], engine: Engine) -> None:
    for sort in ("name", "fan; DROP TABLE x", '-fan"'):
        with pytest.raises(Refused, match="filter_unknown"):
            fans(SYSTEM, engine, NOVEMBER, sort=sort)


def test_a_fans_card_says_what_is_known_by_whom_and_how_surely(story: dict[str, int], engine: Engine) -> None:
    card = fan_card(SYSTEM, engine, story["ann"])
    assert [(f.value, f.source, f.best, f.disputed) for f in card.facts] == [
        ("Shanghai", "form", True, True),
        ("Wuxi", "guess", False, True),
    ]
    assert (card.name, card.external_id, card.follows) == ("Ann Li", "ann", True)
    assert (card.contacts, card.also) == (("phone",), (story["ann2"],))
    assert [(m.month, m.daily, m.campaign) for m in card.months] == [(NOVEMBER.first, 0, 400)]
    assert fan_card(SYSTEM, engine, story["bob"]).follows is False
    assert fan_card(SYSTEM, engine, story["dan"]).follows is None


def test_a_timeline_holds_what_the_fan_did_and_what_came_of_it(story: dict[str, int], engine: Engine) -> None:
    rows = fan_timeline(SYSTEM, engine, story["ann"])
    assert [(row.kind, row.other, row.moved) for row in rows] == [
        ("opened", story["cid"], True),
        ("opened", story["bob"], True),
        ("shared", None, False),
        ("followed", None, False),
    ]
    assert rows[0].title == "Spring tea"
    assert fan_timeline(SYSTEM, engine, story["ann"], offset=3)[0].kind == "followed"
    assert fan_timeline(SYSTEM, engine, story["bob"])[0].other_name == "Ann Li"


def test_contents_say_how_often_they_were_passed_on_and_where(story: dict[str, int], engine: Engine) -> None:
    (row,) = contents(SYSTEM, engine).rows
    assert (row.title, row.topic, row.engagements, row.shares, row.openings) == (
        "Spring tea",
        "tea",
        33,
        1,
        2,
    )
    assert (row.reads, row.moved) == (30, 2)
    for nobody in ({"topic": "coffee"}, {"promotes": "other"}, {"since": date(2026, 11, 2)}):
        assert contents(SYSTEM, engine, ContentFilter(**nobody)).total == 0
    assert contents(SYSTEM, engine, ContentFilter(topic="tea", promotes="product", kind="article")).total == 1
    (place,) = content_platforms(SYSTEM, engine, row.content)
    assert (place.reads, place.shares, place.openings, place.moved, place.n) == (30, 1, 2, 2, 33)
    (mix,) = published_mix(SYSTEM, engine, date(2026, 11, 10))
    assert (mix.product, mix.other, mix.product_engagements, suggestion(mix)) == (1, 0, 33, "cant_say")
    assert published_mix(SYSTEM, engine, date(2027, 3, 1)) == ()
    assert topics(SYSTEM, engine) == {"tea": 1}
    assert {mix.promotes_product for mix in platform_mix(SYSTEM, engine)} == {True}
    assert content_title(SYSTEM, row.content) == "Spring tea"


def test_coverage_says_of_how_many_fans_something_is_known(story: dict[str, int], engine: Engine) -> None:
    assert fan_count(SYSTEM, engine) == 5
    assert [(c.what, c.seen, c.whole) for c in coverage(SYSTEM, engine)] == [
        ("follow", 2, 5),
        ("active", 4, 5),
        ("city", 1, 5),
    ]
    assert fact_values(SYSTEM, engine, "city") == (FactValue("Shanghai", 1), FactValue(None, 4))
    nothing_known = fans(SYSTEM, engine, NOVEMBER, FanFilter(fact="city"), "fan").rows
    assert [row.fan for row in nothing_known] == sorted(set(story.values()) - {story["ann"]})


def test_who_may_not_see_names_sees_none_and_cannot_search_by_them(story: dict[str, int]) -> None:
    with Engine(memory="500MB", allowed={Side.SOCIAL}) as engine:
        assert all(row.name == "" for row in fans(AGENCY, engine, NOVEMBER).rows)
        assert fans(AGENCY, engine, NOVEMBER, FanFilter(text="Ann")).total == 0
        assert best(AGENCY, engine, NOVEMBER)[0].name == ""
        card = fan_card(AGENCY, engine, story["ann"])
        assert (card.name, card.external_id) == ("", "")
        assert fan_timeline(AGENCY, engine, story["bob"])[0].other_name == ""


def test_a_stranger_sees_nothing_and_an_unknown_fan_is_refused(story: dict[str, int], engine: Engine) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        fans(STRANGER, engine, NOVEMBER)
    with pytest.raises(Refused, match="not_permitted"):
        fan_card(STRANGER, engine, story["ann"])
    with pytest.raises(Refused, match="no_such_fan"):
        fan_card(SYSTEM, engine, 10**9)


def test_a_page_of_the_best_is_the_same_whether_found_by_scores_alone_or_among_all(
    story: dict[str, int], engine: Engine
) -> None:
    for sort in ("-campaign", "-daily"):
        among_all = fans(SYSTEM, engine, NOVEMBER, sort=sort).rows
        assert fans(SYSTEM, engine, NOVEMBER, sort=sort, limit=1).rows == among_all[:1]
        assert fans(SYSTEM, engine, NOVEMBER, sort=sort, offset=1, limit=2).rows == among_all[1:3]
    assert len(among_all) == 5


def test_a_timeline_tells_what_somebody_did_through_their_own_share_once(
    story: dict[str, int], engine: Engine
) -> None:
    rows = [row for fan in story.values() for row in fan_timeline(SYSTEM, engine, fan)]
    assert len({(row.id, row.moved) for row in rows}) == len(rows)
    assert any(row.moved for row in rows)


NARROWED: dict[FanFilter, Callable[[FanRow], bool]] = {
    FanFilter(): lambda row: True,
    FanFilter(platform="wechat"): lambda row: row.platform == "wechat",
    FanFilter(follows="unknown"): lambda row: not (row.followed_day or row.unfollowed_day),
    FanFilter(fact="city", fact_value="Shanghai"): lambda row: row.name == "Ann Li",
    FanFilter(fact="city"): lambda row: row.name != "Ann Li",
    FanFilter(fact="city", platform="weibo"): lambda row: row.platform == "weibo",
}


@pytest.mark.parametrize("window", [NOVEMBER, recent_window(date(2026, 11, 10))], ids=lambda one: one.name)
def test_pages_of_every_filter_and_order_are_parts_of_one_list(
    story: dict[str, int], engine: Engine, window: Window
) -> None:
    everybody = fans(SYSTEM, engine, window, sort="fan").rows
    assert len(everybody) == 5
    for chosen, holds in NARROWED.items():
        left = [row for row in everybody if holds(row)]
        for sort in (*SORTS, *(f"-{name}" for name in SORTS)):
            pages = [fans(SYSTEM, engine, window, chosen, sort, offset, 2) for offset in (0, 2, 4)]
            assert [row for page in pages for row in page.rows] == _ordered(left, sort)
            assert {page.total for page in pages} == {len(left)}


def _ordered(rows: list[FanRow], sort: str) -> list[FanRow]:
    """By the column, unknown last, then by fan."""
    name = sort.removeprefix("-")
    known = sorted((row for row in rows if getattr(row, name) is not None), key=lambda row: row.fan)
    known.sort(key=lambda row: getattr(row, name), reverse=sort.startswith("-"))
    return [*known, *sorted((row for row in rows if row not in known), key=lambda row: row.fan)]


@pytest.mark.parametrize("sort", ["-campaign", "campaign", "-daily"])
def test_whoever_comes_last_does_so_on_every_page_and_is_in_no_list_that_leaves_them_out(
    story: dict[str, int], engine: Engine, sort: str
) -> None:
    everybody = [row.fan for row in fans(SYSTEM, engine, NOVEMBER, sort=sort).rows]
    last = [story["ann"], story["dan"]]
    wanted = [fan for fan in everybody if fan not in last] + [fan for fan in everybody if fan in last]
    for size in (1, 2, 3, 5):
        pages = [
            fans(SYSTEM, engine, NOVEMBER, sort=sort, offset=offset, limit=size, last=last)
            for offset in range(0, 5, size)
        ]
        assert [row.fan for page in pages for row in page.rows] == wanted
        assert {page.total for page in pages} == {5}
    left = [one.fan for one in best(SYSTEM, engine, NOVEMBER, without=last)]
    assert left
    assert not set(left) & set(last)
