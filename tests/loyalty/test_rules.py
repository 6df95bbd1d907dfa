from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.rules import rewardable
from guanxi.loyalty import ledger, tiers
from guanxi.loyalty.actions.programme import DEFAULT_RULES, DEFAULT_TIERS
from guanxi.loyalty.earning import ORDERED_ONLY, Act, Terms, checked, granted, points_for, taken_back
from guanxi.loyalty.ledger import Against, Entry, EntryKind, Posting, drawn, moved, reversal
from guanxi.loyalty.legality import PURCHASE_PLATFORM, forbidding_rules, require_legal
from guanxi.loyalty.tiers import Tier
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused

BUY = Terms("buy", ORDERED_ONLY, Points.SPEND, 3, unit=100, currency="CNY")
ANSWER = Terms("answer", frozenset({Kind.ANSWERED}), Points.LOVE, 10, cap_day=25, cap_month=40)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
amounts = st.integers(0, 50_000)


def test_an_act_over_the_cap_earns_what_is_left_of_it():
    acts = [Act(n, date(2026, 1, 1)) for n in range(4)] + [Act(n, date(2026, 1, 2)) for n in range(4, 8)]
    assert granted(ANSWER, acts) == {0: 10, 1: 10, 2: 5, 3: 0, 4: 10, 5: 5, 6: 0, 7: 0}


def test_a_month_begins_with_new_room():
    acts = [Act(n, date(2026, 1, 31) + timedelta(days=n // 3)) for n in range(6)]
    assert granted(ANSWER, acts) == {0: 10, 1: 10, 2: 5, 3: 10, 4: 10, 5: 5}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(1, 60), st.integers(1, 90))
def test_no_day_and_no_month_is_over_its_cap_and_nothing_is_withheld_without_one(days, cap_day, cap_month):
    terms = Terms("t", frozenset({Kind.ANSWERED}), Points.LOVE, 7, cap_day=cap_day, cap_month=cap_month)
    acts = [Act(n, date(2026, 3, 1) + timedelta(days=day)) for n, day in enumerate(days)]
    answer = granted(terms, acts)
    for key in (lambda d: d, lambda d: d.replace(day=1)):
        sums: dict[date, int] = {}
        for act in acts:
            sums[key(act.day)] = sums.get(key(act.day), 0) + answer[act.id]
        assert all(
            total <= (cap_day if key(date(2026, 3, 9)).day == 9 else cap_month) for total in sums.values()
        )
    free = Terms("t", frozenset({Kind.ANSWERED}), Points.LOVE, 7)
    assert all(points == 7 for points in granted(free, acts).values())


@settings(deadline=None, max_examples=50)
@given(amounts, st.lists(amounts, max_size=6), st.one_of(st.none(), st.integers(0, 500)))
def test_refunds_leave_what_the_rest_would_have_earned_and_never_take_more_than_was_given(
    spent, refunds, cap
):
    had = points_for(BUY, spent) if cap is None else min(cap, points_for(BUY, spent))
    taken = taken_back(BUY, spent, had, refunds)
    assert all(points >= 0 for points in taken)
    assert had - sum(taken) == min(had, points_for(BUY, spent - sum(refunds)))


def test_a_whole_refund_takes_everything_back_however_it_is_cut():
    assert sum(taken_back(BUY, 1999, points_for(BUY, 1999), [999, 500, 500])) == points_for(BUY, 1999)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(" ", frozenset({Kind.ANSWERED}), Points.LOVE, 1),
        Terms("nothing", frozenset(), Points.LOVE, 1),
        Terms("free", frozenset({Kind.ANSWERED}), Points.LOVE, 0),
        Terms("mixed", frozenset({Kind.ANSWERED, Kind.ORDERED}), Points.LOVE, 1, unit=100, currency="CNY"),
        Terms("no unit", ORDERED_ONLY, Points.SPEND, 1, currency="CNY"),
        Terms("no currency", ORDERED_ONLY, Points.SPEND, 1, unit=100),
        Terms("act with unit", frozenset({Kind.ANSWERED}), Points.LOVE, 1, unit=100),
        Terms("leaves", frozenset({Kind.LEFT}), Points.LOVE, 1),
        Terms("cap", frozenset({Kind.ANSWERED}), Points.LOVE, 1, cap_day=0),
        Terms("window", frozenset({Kind.ANSWERED}), Points.LOVE, 1, valid_from=MOMENT, valid_to=MOMENT),
    ],
    ids=lambda terms: terms.name,
)
def test_terms_that_cannot_work_are_refused(terms):
    with pytest.raises(Refused) as refused:
        checked(terms)
    assert refused.value.code == "rule_unreadable"


def test_the_default_programme_is_sound_and_legal_everywhere():
    for terms in DEFAULT_RULES:
        checked(terms)
        place = PURCHASE_PLATFORM if terms.by_purchase else terms.platform
        assert forbidding_rules(rewardable, terms.kinds, place) == ()
    assert tiers.checked(DEFAULT_TIERS) == DEFAULT_TIERS


@pytest.mark.parametrize("kind", ["shared", "followed", "opened", "viewed", "liked"])
def test_on_wechat_neither_spreading_nor_reading_may_be_paid_and_the_rule_is_named(kind):
    with pytest.raises(Refused) as refused:
        require_legal(rewardable, [kind], "wechat")
    assert refused.value.code == "reward_forbidden"
    assert refused.value.detail.startswith("wechat.induced_")


def test_a_rule_for_every_platform_must_be_legal_on_every_one():
    assert "wechat.induced_reading" in forbidding_rules(rewardable, ["viewed"], None)


def test_an_entry_that_does_not_sum_to_zero_or_says_nothing_is_refused():
    for postings in (
        (),
        (Posting(2, Points.LOVE, 5),),
        (Posting(2, Points.LOVE, 5), Posting(-1, Points.SPEND, -5)),
        (Posting(2, Points.LOVE, 0), Posting(-1, Points.LOVE, 0)),
        (Posting(2, Points.LOVE, 5), Posting(2, Points.LOVE, -5)),
    ):
        with pytest.raises(Refused):
            ledger.checked(Entry(uuid4(), EntryKind.ADJUSTED, MOMENT, postings))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=5), st.integers(1, 400))
def test_a_payment_is_drawn_whole_or_not_at_all_and_overdraws_no_account(held, amount):
    balances = [(n * 2, balance) for n, balance in enumerate(held)]
    if amount > sum(held):
        with pytest.raises(Refused):
            drawn(balances, Points.LOVE, amount)
        return
    postings = drawn(balances, Points.LOVE, amount)
    assert -sum(p.amount for p in postings) == amount
    assert all(-p.amount <= dict(balances)[p.account] for p in postings)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 100), st.integers(0, 150))
def test_a_reversal_sums_to_zero_and_writes_off_only_what_is_spent(amount, balance):
    original = Entry(uuid4(), EntryKind.ADJUSTED, MOMENT, moved(Points.LOVE, amount, Against.ISSUED, 2))
    entry = ledger.checked(reversal(original, {(2, Points.LOVE): balance}, uuid4(), MOMENT, ""))
    by_account = {p.account: p.amount for p in entry.postings}
    assert by_account.get(2, 0) == -min(amount, balance)
    assert by_account.get(Against.WRITTEN_OFF, 0) == -max(amount - balance, 0)
    assert by_account[Against.ISSUED] == amount


def test_the_steps_of_a_redemption_have_ids_of_their_own():
    one = UUID(int=1)
    assert len({ledger.step_id(one, kind) for kind in EntryKind}) == len(EntryKind)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 11_000)), max_size=20),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_tiers_in_bulk_are_the_tiers_one_by_one(members, both):
    chosen = [Tier(t.name, t.love, t.spend, b) for t, b in zip(DEFAULT_TIERS, both, strict=True)]
    love = np.array([m[0] for m in members], dtype=np.int64)
    spend = np.array([m[1] for m in members], dtype=np.int64)
    places = tiers.tiers_of(chosen, love, spend)
    names = [chosen[p].name if p >= 0 else None for p in places]
    assert names == [tiers.tier_of(chosen, *member) for member in members]


def test_love_alone_reaches_the_highest_tier():
    assert tiers.tier_of(DEFAULT_TIERS, 600, 0) == DEFAULT_TIERS[-1].name


def test_tiers_out_of_order_are_refused():
    with pytest.raises(Refused):
        tiers.checked([Tier("high", 100, 100), Tier("low", 50, 200)])
