from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import django.db
import numpy as np
import psycopg
import pytest

from guanxi.correlation.models import Link
from guanxi.correlation.refresh import spread
from guanxi.loyalty.actions.accounts import open_accounts
from guanxi.loyalty.actions.entries import book_entries, reverse_entry
from guanxi.loyalty.actions.programme import install_default_programme
from guanxi.loyalty.actions.rewards import add_reward, redeem, release, reserve
from guanxi.loyalty.invariants import broken
from guanxi.loyalty.ledger import Against, Entry, EntryKind, moved
from guanxi.loyalty.models import Balance, EarningRule, LedgerEntry, Redemption, Reward
from guanxi.loyalty.queries.members import statement
from guanxi.loyalty.queries.programme import rewards
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused


def given(id_: int, account: int, amount: int, now: datetime, reason: str = "") -> Entry:
    postings = moved(Points.LOVE, amount, Against.ISSUED, account)
    return Entry(UUID(int=id_), EntryKind.ADJUSTED, now, postings, reason=reason)


def love(*accounts: int) -> int:
    return sum(Balance.objects.filter(account__in=accounts, points="love").values_list("amount", flat=True))


def refusal(attempt) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.code


@pytest.fixture
def members(house, now) -> tuple[int, int, int]:
    """Fan 1 and customer 5 are one person (2, 11), fan 3 (6) another."""
    install_default_programme(SYSTEM, now)
    Link.objects.create(fan=1, customer=5, probability=0.995, made_at=now)
    with transaction(RELATIONSHIP) as connection:
        spread(connection, np.array([2, 11]), SYSTEM, now)
    open_accounts(SYSTEM, [2, 6, 11], "invited", now)
    return 2, 11, 6


def test_the_same_entry_again_is_the_same_answer_and_another_under_its_id_a_conflict(members, marketer, now):
    assert book_entries(marketer, [given(1, 2, 50, now)], now) == 1
    assert book_entries(marketer, [given(1, 2, 50, now)], now + timedelta(days=1)) == 0
    assert refusal(lambda: book_entries(marketer, [given(1, 2, 51, now)], now)) == "entry_conflict"
    assert refusal(lambda: book_entries(marketer, [given(1, 6, 50, now)], now)) == "entry_conflict"
    assert love(2, 6) == 50


def test_entries_are_booked_all_or_none(members, marketer, now):
    batch = [given(1, 2, 50, now), given(2, 6, -1, now)]
    assert refusal(lambda: book_entries(marketer, batch, now)) == "balance_too_low"
    assert LedgerEntry.objects.count() == 0
    assert love(2) == 0


def test_only_open_accounts_and_lawful_kinds_are_booked(members, marketer, agency, now):
    assert refusal(lambda: book_entries(marketer, [given(1, 98, 5, now)], now)) == "no_such_account"
    redeemed = Entry(UUID(int=3), EntryKind.REDEEMED, now, moved(Points.LOVE, 5, 2, Against.REDEEMED))
    assert refusal(lambda: book_entries(marketer, [redeemed], now)) == "entry_kind_not_bookable"
    assert refusal(lambda: book_entries(agency, [given(1, 2, 5, now)], now)) == "not_permitted"


def test_an_activity_earns_once_by_a_rule_whatever_the_entrys_id(members, marketer, now):
    rule = EarningRule.objects.get(name="attends").pk
    earned = [
        Entry(UUID(int=n), EntryKind.EARNED, now, moved(Points.LOVE, 5, -1, 2), rule=rule, activity="x:1")
        for n in (1, 2)
    ]
    assert book_entries(marketer, earned[:1], now) == 1
    assert refusal(lambda: book_entries(marketer, earned[1:], now)) == "activity_already_booked"


def test_an_entry_by_a_rule_that_has_become_illegal_is_refused_naming_it(members, marketer, now):
    EarningRule.objects.filter(name="attends").update(kinds=["shared"], platform="wechat")
    rule = EarningRule.objects.get(name="attends").pk
    entry = Entry(UUID(int=1), EntryKind.EARNED, now, moved(Points.LOVE, 5, -1, 2), rule=rule, activity="x:1")
    with pytest.raises(Refused) as refused:
        book_entries(marketer, [entry], now)
    assert (refused.value.code, refused.value.detail) == ("reward_forbidden", "wechat.induced_sharing")


def test_the_database_itself_refuses_to_change_the_ledger(members, marketer, now):
    book_entries(marketer, [given(1, 2, 50, now)], now)
    for statement_ in ("UPDATE ledger_posting SET amount = 1", "DELETE FROM ledger_entry"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            raw(RELATIONSHIP).execute(statement_)


def test_a_reversal_is_posted_once_and_links_to_its_original(members, marketer, now):
    book_entries(marketer, [given(1, 2, 50, now), given(2, 2, -20, now)], now)
    entry = reverse_entry(marketer, UUID(int=1), UUID(int=9), "typed twice", now)
    assert entry.reverses == UUID(int=1)
    assert love(2) == 0
    assert reverse_entry(marketer, UUID(int=1), UUID(int=9), "", now).id == UUID(int=9)
    again = lambda id_: reverse_entry(marketer, UUID(int=1), id_, "", now)  # noqa: E731
    assert refusal(lambda: again(UUID(int=10))) == "entry_already_reversed"
    assert refusal(lambda: again(UUID(int=2))) == "entry_conflict"
    assert refusal(lambda: reverse_entry(marketer, UUID(int=77), UUID(int=78), "", now)) == "no_such_entry"
    assert (
        refusal(lambda: reverse_entry(marketer, UUID(int=9), UUID(int=78), "", now)) == "entry_not_reversible"
    )
    assert broken() == []


def test_a_person_pays_from_all_accounts_and_gets_back_where_it_came_from(members, marketer, now):
    book_entries(marketer, [given(1, 2, 30, now), given(2, 11, 50, now)], now)
    tea = add_reward(marketer, "tea", Points.LOVE, 60, stock=1)
    reserve(marketer, UUID(int=5), 11, tea, now)
    reserve(marketer, UUID(int=5), 11, tea, now)
    assert (love(2), love(11), rewards(marketer)[0].stock) == (0, 20, 0)
    assert refusal(lambda: reserve(marketer, UUID(int=5), 6, tea, now)) == "redemption_conflict"
    assert refusal(lambda: reserve(marketer, UUID(int=6), 2, tea, now)) == "reward_out_of_stock"
    release(marketer, UUID(int=5), now)
    release(marketer, UUID(int=5), now)
    assert (love(2), love(11), rewards(marketer)[0].stock) == (30, 50, 1)
    assert refusal(lambda: redeem(marketer, UUID(int=5), now)) == "redemption_ended"
    reserve(marketer, UUID(int=7), 2, tea, now)
    redeem(marketer, UUID(int=7), now)
    redeem(marketer, UUID(int=7), now)
    assert Redemption.objects.get(pk=UUID(int=7)).state == "redeemed"
    assert statement(marketer, 2).love == 20
    assert refusal(lambda: reserve(marketer, UUID(int=8), 6, tea, now)) == "reward_out_of_stock"
    assert broken() == []


def test_eight_connections_cannot_overdraw_one_person(members, marketer, now):
    book_entries(marketer, [given(1, 2, 30, now), given(2, 11, 35, now)], now)
    tea = add_reward(marketer, "tea", Points.LOVE, 10)
    outcomes: Counter[str] = Counter()

    def take(thread: int) -> None:
        for turn in range(4):
            try:
                reserve(marketer, UUID(int=100 + thread * 10 + turn), (2, 11)[turn % 2], tea, now)
                outcomes["paid"] += 1
            except Refused as refused:
                outcomes[refused.code] += 1
        django.db.connections.close_all()

    threads = [threading.Thread(target=take, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"paid": 6, "balance_too_low": 26}
    assert love(2, 11) == 5
    assert broken() == []


def test_eight_connections_booking_one_entry_book_it_once(members, marketer, now):
    answers: list[int] = []

    def book() -> None:
        answers.append(book_entries(marketer, [given(1, 2, 50, now)], now))
        django.db.connections.close_all()

    threads = [threading.Thread(target=book) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0] * 7 + [1]
    assert love(2) == 50


class Model:
    """The ledger in the plainest words: what each account holds, and what became of each entry and redemption."""

    def __init__(self) -> None:
        self.held: Counter[int] = Counter()
        self.given: dict[int, tuple[int, int]] = {}
        self.reserved: dict[int, dict[int, int]] = {}
        self.written_off = 0

    def give(self, id_: int, account: int, amount: int) -> bool:
        if self.held[account] + amount < 0:
            return False
        self.held[account] += amount
        self.given[id_] = (account, amount)
        return True

    def take_back(self, id_: int) -> None:
        account, amount = self.given.pop(id_)
        taken = min(self.held[account], amount)
        self.held[account] -= taken
        self.written_off += amount - taken

    def reserve(self, id_: int, person: tuple[int, ...], cost: int) -> bool:
        if sum(self.held[a] for a in person) < cost:
            return False
        self.reserved[id_] = {}
        for account in person:
            part = min(self.held[account], cost)
            self.held[account] -= part
            self.reserved[id_][account] = part
            cost -= part
        return True

    def release(self, id_: int) -> None:
        for account, part in self.reserved.pop(id_).items():
            self.held[account] += part


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_history_leaves_what_the_plain_model_says(members, marketer, now, seed):
    rng, model = random.Random(seed), Model()
    tea = add_reward(marketer, "tea", Points.LOVE, 40)
    for step in range(1, 80):
        verb = rng.choice(["give", "give", "back", "reserve", "redeem", "release"])
        if verb == "give":
            account, amount = rng.choice(members), rng.randint(-40, 60) or 1
            expected = model.give(step, account, amount)
            assert (
                worked(lambda s=step, a=account, n=amount: book_entries(marketer, [given(s, a, n, now)], now))
                is expected
            )
        elif verb == "back" and model.given:
            id_ = rng.choice(sorted(model.given))
            model.take_back(id_)
            reverse_entry(marketer, UUID(int=id_), UUID(int=1000 + step), "", now)
        elif verb == "reserve":
            person = rng.choice([(2, 11), (6,)])
            expected = model.reserve(step, person, 40)
            assert (
                worked(lambda s=step, p=person: reserve(marketer, UUID(int=s), p[-1], tea, now)) is expected
            )
        elif verb == "release" and model.reserved:
            id_ = rng.choice(sorted(model.reserved))
            model.release(id_)
            release(marketer, UUID(int=id_), now)
        elif verb == "redeem" and model.reserved:
            id_ = rng.choice(sorted(model.reserved))
            del model.reserved[id_]
            redeem(marketer, UUID(int=id_), now)
        assert {a: love(a) for a in members} == {a: model.held[a] for a in members}
    off = raw(RELATIONSHIP).execute("SELECT -coalesce(sum(amount), 0) FROM ledger_posting WHERE account = -3")
    assert off.fetchone() == (model.written_off,)
    assert broken() == []


def worked(attempt) -> bool:
    try:
        attempt()
    except Refused as refused:
        return {"balance_too_low": False}[refused.code]
    return True


def test_verify_sees_a_balance_that_is_not_its_entries(members, marketer, now):
    book_entries(marketer, [given(1, 2, 50, now)], now)
    Balance.objects.filter(account=2, points="love").update(amount=49)
    assert [each.invariant for each in broken()] == ["balance_is_not_its_entries"]
    assert Reward.objects.count() == 0
