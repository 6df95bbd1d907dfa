"""When the mix of content leans too far, and when nothing can be said."""

from __future__ import annotations

import pytest

from guanxi.social.mix import CONTENTS_MIN, Mix, product_wanted, suggestion


def mix(product: int, other: int, product_engagements: int, other_engagements: int, unknown: int = 0) -> Mix:
    return Mix("wechat", product, other, unknown, product_engagements, other_engagements, 0)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (mix(CONTENTS_MIN - 1, 0, 10, 10, unknown=100), "cant_say"),
        (mix(15, 15, 0, 0), "cant_say"),
        (mix(18, 12, 30, 70), "less_product"),
        (mix(18, 12, 80, 20), "balanced"),
        (mix(24, 6, 99, 1), "less_product"),
        (mix(15, 15, 10, 90), "balanced"),
        (mix(1, 29, 30, 70), "room_for_product"),
        (mix(1, 29, 1, 99), "balanced"),
    ],
)
def test_the_mix_is_judged_by_its_stated_thresholds(found: Mix, code: str) -> None:
    assert suggestion(found) == code


def test_shares_leave_out_what_is_not_known() -> None:
    found = mix(10, 30, 1, 3, unknown=60)
    assert (found.published_share, found.engagement_share, product_wanted(found)) == (0.25, 0.25, 20)
