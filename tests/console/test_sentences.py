"""Each sort of condition is a sentence of its own in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from guanxi.console.act.clauses import judged, spoken
from guanxi.question.describe import describe
from guanxi.question.parser import parse

SAID = [
    ("platform = wechat", "platform is WeChat", "平台是“微信”"),
    (
        "band in (igniter, amplifier)",
        "band is one of igniter, amplifier",
        "影响力等级属于“引爆者、扩散者”",
    ),
    (
        "count(viewed, clicked) >= 3 within 60 days",
        "checked content or clicked at least 3 times within 60 days",
        "近 60 天内查看内容或点击至少 3 次",
    ),
    (
        'count(liked about "tea" on wechat) < 1',
        "liked about “tea” on WeChat less than 1 time at any time",
        "至今在微信上对“tea”主题点赞少于 1 次",
    ),
    (
        "daily_score >= 5 within 2 months",
        "daily activity of at least 5 points within 2 months",
        "近 2 个月内日常活跃不低于 5 分",
    ),
    ("followed since 2026-01-01", "began to follow since 2026-01-01", "2026-01-01 起开始关注"),
    ("customer.city is unknown", "customer's city is unknown", "顾客的城市未知"),
    (
        "city = Rome and not unfollowed",
        "city is Rome; and not: no longer follows",
        "城市是“Rome”；且排除：已取消关注",
    ),
    (
        "not (city = Rome or unfollowed)",
        "not: (city is Rome; or no longer follows)",
        "排除：（城市是“Rome”；或已取消关注）",
    ),
]


@pytest.mark.parametrize(("text", "english", "chinese"), SAID)
def test_a_condition_is_said_as_one_sentence_in_each_language(text: str, english: str, chinese: str) -> None:
    tree = describe(parse(text))
    with translation.override("en"):
        assert spoken(tree) == english
    with translation.override("zh-hans"):
        assert spoken(tree) == chinese


def test_a_condition_behind_not_is_judged_as_it_is_meant() -> None:
    tree = describe(parse("platform = wechat and not (unfollowed or not band = igniter)"))
    assert judged(tree, [True, False, None]) == [
        ("platform is WeChat", True),
        ("not: no longer follows", True),
        ("band is igniter", None),
    ]
