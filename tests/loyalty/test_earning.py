from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from guanxi.channels.rule import Verdict
from guanxi.correlation import ports
from guanxi.correlation.actions import restore_link, undo_link
from guanxi.correlation.models import Link, PersonMember
from guanxi.correlation.purposes import Purpose
from guanxi.correlation.refresh import refresh_mirrors, spread
from guanxi.customers.tables import ORDERS
from guanxi.loyalty import earn as earning
from guanxi.loyalty.actions.accounts import open_accounts, open_accounts_for_linked
from guanxi.loyalty.actions.entries import book_entries
from guanxi.loyalty.actions.programme import end_rule, install_default_programme, save_rule
from guanxi.loyalty.earn import earn
from guanxi.loyalty.earning import ORDERED_ONLY, Act, Terms, granted, taken_back
from guanxi.loyalty.invariants import broken
from guanxi.loyalty.ledger import Against, Entry, EntryKind, Posting
from guanxi.loyalty.membership import MembershipFollowsLinks
from guanxi.loyalty.models import Account, Balance, EarningRule, LedgerEntry, LedgerPosting
from guanxi.loyalty.queries.members import plane, statement
from guanxi.loyalty.queries.programme import overview, rules
from guanxi.loyalty.refresh import refresh_loyalty
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.social.tables import ENGAGEMENT
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused

from .conftest import act, append, order


def held(identity: int) -> tuple[int, int]:
    rows = dict(Balance.objects.filter(account=identity).values_list("points", "amount"))
    return rows.get("love", 0), rows.get("spend", 0)


def kinds() -> list[str]:
    return sorted(LedgerEntry.objects.values_list("kind", flat=True))


@pytest.fixture
def programme(house, now) -> int:
    return install_default_programme(SYSTEM, now - timedelta(days=30))


@pytest.fixture
def linked(house, now, monkeypatch) -> int:
    """Fan 1 and customer 5, linked by their union id; loyalty follows."""
    monkeypatch.setattr(ports, "_followers", {})
    ports.plug("loyalty", MembershipFollowsLinks())
    evidence = [{"kind": "union_id", "crowd": 1, "probability": 0.995}]
    link = Link.objects.create(fan=1, customer=5, probability=0.995, evidence=evidence, made_at=now)
    with transaction(RELATIONSHIP) as connection:
        spread(connection, np.array([2, 11]), SYSTEM, now)
    return link.pk


def test_members_earn_love_for_acts_and_spend_for_purchases_and_strangers_nothing(engine, programme, now):
    append(ENGAGEMENT, act(1, 1, "answered", now), act(2, 2, "answered", now), act(3, 1, "shared", now))
    append(ORDERS, order(1, 5, 12_345, now), order(2, 6, 500, now), order(3, 5, 1000, now, currency="USD"))
    open_accounts(SYSTEM, [2, 11], "invited", now)
    report = earn(engine, now, SILENT)
    assert (report.earned, report.refunded, report.refused) == (3, 0, {})
    assert (held(2), held(11), held(4)) == ((10, 0), (0, 123 + 70), (0, 0))
    assert broken() == []


def test_earning_again_books_nothing_and_news_books_only_itself(engine, programme, now):
    append(ENGAGEMENT, act(1, 1, "answered", now))
    open_accounts(SYSTEM, [2], "invited", now)
    earn(engine, now, SILENT)
    assert earn(engine, now, SILENT).earned == 0
    raw(RELATIONSHIP).execute("UPDATE earning_cursor SET position = 0")
    assert earn(engine, now, SILENT).earned == 0
    append(ENGAGEMENT, *(act(n, 1, "answered", now) for n in range(2, 6)))
    assert earn(engine, now, SILENT).earned == 2
    assert held(2) == (30, 0)


def test_an_account_opened_later_counts_its_last_year_and_no_more(engine, programme, now):
    append(ENGAGEMENT, act(1, 1, "attended", now - timedelta(days=100)), act(2, 3, "answered", now))
    append(ENGAGEMENT, act(3, 1, "attended", now - timedelta(days=366)))
    open_accounts(SYSTEM, [6], "invited", now)
    assert earn(engine, now, SILENT).earned == 1
    open_accounts(SYSTEM, [2], "invited", now)
    assert earn(engine, now, SILENT).earned == 1
    assert held(2) == (50, 0)


def test_a_rule_saved_later_reaches_back_and_a_replaced_one_ends(engine, programme, marketer, now):
    append(ENGAGEMENT, act(1, 1, "messaged", now - timedelta(days=1)), act(2, 1, "answered", now))
    open_accounts(SYSTEM, [2], "invited", now)
    earn(engine, now, SILENT)
    save_rule(marketer, Terms("writes", frozenset({Kind.MESSAGED}), Points.LOVE, 3), now)
    earn(engine, now, SILENT)
    assert held(2) == (13, 0)
    answers = EarningRule.objects.get(name="answers").pk
    save_rule(marketer, Terms("answers", frozenset({Kind.ANSWERED}), Points.LOVE, 1), now, replaces=answers)
    append(
        ENGAGEMENT,
        act(3, 1, "answered", now + timedelta(days=1)),
        act(4, 1, "answered", now - timedelta(days=2)),
    )
    earn(engine, now, SILENT)
    assert held(2) == (13 + 1 + 1 + 10, 0)
    end_rule(marketer, EarningRule.objects.get(name="writes").pk, now)
    append(ENGAGEMENT, act(5, 1, "messaged", now + timedelta(days=1)))
    assert earn(engine, now, SILENT).earned == 0


def test_a_refund_takes_back_in_a_linked_entry_and_writes_off_what_is_spent(engine, programme, marketer, now):
    append(ORDERS, order(1, 5, 10_000, now, "A1"), order(2, 5, 5_000, now, "A1"))
    open_accounts(SYSTEM, [11], "invited", now)
    earn(engine, now, SILENT)
    spent = Entry(
        *(UUID(int=1), EntryKind.ADJUSTED, now),
        (Posting(-1, Points.SPEND, 90), Posting(11, Points.SPEND, -90)),
    )
    book_entries(marketer, [spent], now)
    append(ORDERS, order(3, 5, -12_050, now, "A1"))
    report = earn(engine, now, SILENT)
    assert report.refunded == 2
    refunds = LedgerEntry.objects.filter(kind="refunded").order_by("line")
    originals = LedgerEntry.objects.in_bulk([e.reverses for e in refunds])
    assert [originals[e.reverses].activity for e in refunds] == ["customers:1", "customers:2"]
    assert held(11) == (0, 0)
    off = LedgerPosting.objects.filter(account=Against.WRITTEN_OFF).values_list("amount", flat=True)
    assert sum(off) == -(121 - 60)
    assert broken() == []


def test_a_refund_heard_before_its_order_is_taken_back_when_the_order_comes(engine, programme, now):
    open_accounts(SYSTEM, [11], "invited", now)
    append(ORDERS, order(1, 5, -4_000, now, "A1"))
    earn(engine, now, SILENT)
    append(ORDERS, order(2, 5, 10_000, now, "A1"))
    earn(engine, now, SILENT)
    append(ORDERS, order(3, 5, 2_000, now, "A1"), order(4, 5, -7_000, now, "A1"))
    earn(engine, now, SILENT)
    assert held(11) == (0, 10)
    assert earn(engine, now, SILENT).refunded == 0


def test_random_purchases_and_refunds_in_batches_earn_what_the_rule_says(engine, programme, marketer, now):
    rng = np.random.default_rng(11)
    install = EarningRule.objects.get(name="purchases in CNY")
    end_rule(marketer, install.pk, now - timedelta(days=4000))
    terms = Terms(
        "capped", ORDERED_ONLY, Points.SPEND, 2, unit=150, currency="CNY", cap_day=400, cap_month=900
    )
    save_rule(marketer, terms, now)
    open_accounts(SYSTEM, [11, 13], "invited", now)
    facts = []
    for n in range(1, 121):
        customer, reference = int(rng.integers(5, 7)), f"R{rng.integers(0, 25)}"
        amount = int(rng.integers(1, 20_000)) * (1 if rng.random() < 0.6 else -1)
        facts.append(order(n, customer, amount, now - timedelta(days=int(rng.integers(0, 90))), reference))
    for start in range(0, 120, 30):
        append(ORDERS, *facts[start : start + 30])
        earn(engine, now, SILENT)
    for customer in (5, 6):
        expected = expected_spend(terms, [f for f in facts if f["customer"] == customer])
        issued = -sum(
            LedgerPosting.objects.filter(
                account=Against.ISSUED,
                entry__in=LedgerPosting.objects.filter(account=customer * 2 + 1).values("entry"),
            ).values_list("amount", flat=True)
        )
        written_off = LedgerPosting.objects.filter(account=Against.WRITTEN_OFF).count()
        assert written_off == 0
        assert issued == held(customer * 2 + 1)[1] == expected
    assert broken() == []


def expected_spend(terms: Terms, facts: list[dict]) -> int:
    """The pure rule over whole histories: lines of one number use its refunds up in the order heard."""
    orders = [f for f in facts if f["amount"] > 0]
    had = granted(terms, [Act(f["id"], f["day"], f["amount"]) for f in orders])
    total = 0
    for reference in {f["reference"] for f in orders}:
        refunded = -sum(f["amount"] for f in facts if f["amount"] < 0 and f["reference"] == reference)
        for line in (f for f in orders if f["reference"] == reference):
            part = min(refunded, line["amount"])
            refunded -= part
            total += had[line["id"]] - sum(taken_back(terms, line["amount"], had[line["id"]], [part]))
    return total


def test_random_acts_in_batches_earn_what_the_rule_says(engine, programme, now):
    rng = np.random.default_rng(5)
    open_accounts(SYSTEM, [2], "invited", now)
    facts = [act(n, 1, "answered", now - timedelta(days=int(rng.integers(0, 60)))) for n in range(1, 101)]
    for start in range(0, 100, 25):
        append(ENGAGEMENT, *facts[start : start + 25])
        earn(engine, now, SILENT)
    terms = Terms("answers", frozenset({Kind.ANSWERED}), Points.LOVE, 10, cap_day=30, cap_month=200)
    assert held(2)[0] == sum(granted(terms, [Act(f["id"], f["day"]) for f in facts]).values())


def test_what_a_platform_has_come_to_forbid_is_not_booked_and_the_rule_is_named(
    engine, programme, now, monkeypatch
):
    append(ENGAGEMENT, act(1, 1, "answered", now), act(2, 1, "attended", now))
    open_accounts(SYSTEM, [2], "invited", now)
    monkeypatch.setattr(
        earning, "rewardable", lambda place, kind: Verdict(kind != "answered", "web.new_rule")
    )
    assert earn(engine, now, SILENT).refused == {"web.new_rule": 1}
    assert held(2) == (50, 0)


def test_an_illegal_rule_cannot_be_saved(house, programme, marketer, now):
    with pytest.raises(Refused) as refused:
        save_rule(marketer, Terms("shares", frozenset({Kind.SHARED}), Points.LOVE, 5, platform="wechat"), now)
    assert (refused.value.code, refused.value.detail) == ("reward_forbidden", "wechat.induced_sharing")


def test_undoing_a_link_takes_back_what_came_by_it_and_restoring_gives_it_again(
    engine, programme, linked, marketer, now
):
    append(ENGAGEMENT, act(1, 1, "attended", now))
    append(ORDERS, order(1, 5, 10_000, now, "A"), order(2, 5, -1_000, now, "A"))
    assert open_accounts_for_linked(now, SILENT) == 2
    earn(engine, now, SILENT)
    assert (held(2), held(11)) == ((50, 0), (0, 90))
    open_accounts(marketer, [2], "invited", now)
    spend = Entry(
        *(UUID(int=2), EntryKind.ADJUSTED, now),
        (Posting(-1, Points.SPEND, 60), Posting(11, Points.SPEND, -60)),
    )
    book_entries(marketer, [spend], now)
    undo_link(marketer, linked, "sisters", now)
    assert (held(2), held(11)) == ((50, 0), (0, 0))
    assert Account.objects.get(pk=11).state == "closed"
    append(ORDERS, order(3, 5, 700, now, "B"))
    assert earn(engine, now, SILENT).earned == 0
    assert broken() == []
    restore_link(marketer, linked, "", now)
    assert held(11) == (0, 30)
    assert earn(engine, now, SILENT).earned == 1
    assert held(11) == (0, 37)
    for _ in range(2):
        undo_link(marketer, linked, "", now)
        restore_link(marketer, linked, "", now)
    assert held(11) == (0, 37)
    assert broken() == []


def test_the_mart_sums_over_the_person_and_the_plane_keeps_unknown_money_apart(
    engine, programme, linked, marketer, agency, now
):
    append(ENGAGEMENT, act(1, 1, "attended", now), act(2, 3, "answered", now))
    append(ORDERS, order(1, 5, 60_000, now))
    open_accounts_for_linked(now, SILENT)
    open_accounts(marketer, [6], "invited", now)
    earn(engine, now, SILENT)
    refresh_mirrors(engine, now)
    report = refresh_loyalty(engine, now, SILENT)
    assert (report.identities, report.with_tier) == (3, 2)
    rows = engine.ask("SELECT * FROM relationship.loyalty ORDER BY identity").to_pylist()
    assert [(r["person"], r["identity"], r["love"], r["spend"], r["tier"]) for r in rows] == [
        (2, 2, 50, 600, "friend"),
        (6, 6, 10, 0, None),
        (2, 11, 50, 600, "friend"),
    ]
    cells = {(c.love, c.spend, c.tier): c.persons for c in plane(marketer, engine)}
    assert cells == {(50, 400, "friend"): 1, (10, None, None): 1}
    seen = overview(marketer, engine)
    assert (seen.accounts, seen.accounts_linked, seen.accounts_invited) == (3, 2, 1)
    assert {t.points: (t.issued, t.liability) for t in seen.totals} == {"love": (60, 60), "spend": (600, 600)}
    assert [(t.tier and t.tier.name, t.persons) for t in seen.tiers][:2] == [(None, 1), ("friend", 1)]
    costs = {rule.name: (rule.entries, rule.issued) for rule in rules(marketer) if rule.entries}
    assert costs == {"answers": (1, 10), "attends": (1, 50), "purchases in CNY": (1, 600)}
    mine = statement(marketer, 11)
    assert (mine.identities, mine.love, mine.spend, mine.lines_total) == ((2, 11), 50, 600, 2)
    assert {line.rule for line in mine.lines} == {"attends", "purchases in CNY"}
    for attempt in (
        lambda: overview(agency, engine),
        lambda: plane(agency, engine),
        lambda: statement(agency, 11),
        lambda: rules(agency),
        lambda: open_accounts(agency, [2], "invited", now),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_linked_account_is_opened_only_for_who_is_linked(engine, programme, linked, now):
    assert PersonMember.objects.filter(purpose=Purpose.REWARD).count() == 2
    assert open_accounts(SYSTEM, [2, 8], "linked", now) == 1
    assert open_accounts_for_linked(now, SILENT) == 1
    with pytest.raises(Refused):
        open_accounts(SYSTEM, [2], "curious", now)


def test_the_ledger_follows_links_in_every_process(house):
    assert any(isinstance(follower, MembershipFollowsLinks) for follower in ports.followers())
