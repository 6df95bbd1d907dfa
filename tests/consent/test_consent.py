"""Consent on a real database: order, repetition, the latest word, suppression, mirrors, permissions."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.consent import actions, queries
from guanxi.consent.actions import Proof
from guanxi.consent.consumers import ConsentConsumer, FollowConsumer
from guanxi.consent.locks import lock_for_sending
from guanxi.consent.models import Consent, ConsentState
from guanxi.consent.purpose import Purpose
from guanxi.consent.refresh import refresh_consent
from guanxi.consent.standing import suppressed_keys, wishes
from guanxi.consent.words import CONSENTS
from guanxi.lake.engine import Engine
from guanxi.listen.deliver import deliver
from guanxi.listen.publish import publish
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

CARE = Actor(1, "care", frozenset({Role.CARE}))
AGENCY = Actor(2, "agency", frozenset({Role.AGENCY}))
PROOF = Proof("sha256:abc", "form 7")
Word = tuple[int, str, str, bool, datetime]


def table(words: list[Word]) -> pa.Table:
    names = ["identity", "purpose", "channel", "granted", "happened_at"]
    return pa.Table.from_pylist(
        [{**dict(zip(names, w, strict=True)), "source": "test"} for w in words], CONSENTS
    )


def apply(words: list[Word]) -> None:
    with transaction(RELATIONSHIP) as connection:
        actions.apply(connection, table(words))


def state() -> dict[tuple[int, str, str], tuple[bool, datetime]]:
    rows = ConsentState.objects.values_list("identity", "purpose", "channel", "granted", "happened_at")
    return {(i, p, c): (g, h) for i, p, c, g, h in rows}


def test_the_latest_word_wins_and_at_the_same_moment_the_refusal(house: Installation, now: datetime) -> None:
    later = now + timedelta(hours=1)
    apply([(2, "sell", "line", False, now), (2, "sell", "line", True, later), (4, "sell", "line", True, now)])
    apply([(4, "sell", "line", False, now), (2, "sell", "line", False, now - timedelta(days=1))])
    assert state() == {(2, "sell", "line"): (True, later), (4, "sell", "line"): (False, now)}
    assert queries.allowed([2, 4, 6], Purpose.SELL, "line") == [True, False, False]


words = st.lists(
    st.tuples(st.sampled_from([2, 3]), st.sampled_from(["engage", "sell"]), st.booleans(), st.integers(0, 3)),
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=words, order=st.randoms(use_true_random=False), repeat=st.booleans())
def test_order_and_repetition_change_nothing(
    house: Installation, now: datetime, said: list[tuple[int, str, bool, int]], order: object, repeat: bool
) -> None:
    Consent.objects.all().delete()
    ConsentState.objects.all().delete()
    told = [(i, p, "line", g, now + timedelta(hours=h)) for i, p, g, h in said]
    expected: dict[tuple[int, str, str], tuple[bool, datetime]] = {}
    for i, p, c, g, h in sorted(told, key=lambda word: (word[4], not word[3])):
        expected[(i, p, c)] = (g, h)
    order.shuffle(told)  # type: ignore[attr-defined]
    for one in told:
        apply([one])
    if repeat:
        apply(told)
    assert state() == expected
    assert Consent.objects.count() == len(set(told))


def test_a_refusal_to_be_engaged_with_forbids_selling_too(house: Installation, now: datetime) -> None:
    apply([(2, "sell", "line", True, now), (2, "engage", "any", False, now)])
    assert queries.allowed([2], Purpose.SELL, "line") == [False]
    apply([(4, "engage", "line", True, now), (4, "sell", "any", False, now)])
    assert queries.allowed([4], Purpose.ENGAGE, "line") == [True]


def test_a_grant_on_a_channel_after_a_refusal_everywhere_counts_there_only(
    house: Installation, now: datetime
) -> None:
    apply([(2, "sell", "any", False, now), (2, "sell", "line", True, now + timedelta(days=1))])
    assert queries.allowed([2], Purpose.SELL, "line") == [True]
    assert queries.allowed([2], Purpose.SELL, "wechat") == [False]


def test_words_of_a_person_are_audited_and_need_proof(house: Installation, now: datetime) -> None:
    actions.grant(CARE, 2, Purpose.SELL, "line", PROOF, now)
    actions.withdraw(CARE, 2, Purpose.SELL, "line", "chat 9", now + timedelta(days=1))
    assert [word.granted for word in queries.words_of(CARE, [2])] == [False, True]
    assert Consent.objects.get(granted=True).text_hash == "sha256:abc"
    verbs = raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id").fetchall()
    assert verbs == [("consent_granted",), ("consent_withdrawn",)]
    with pytest.raises(Refused, match="consent_unproven"):
        actions.grant(CARE, 2, Purpose.SELL, "line", Proof("", ""), now)


def test_an_agency_sees_and_changes_no_consent(house: Installation, now: datetime) -> None:
    for forbidden in (
        lambda: actions.grant(AGENCY, 2, Purpose.SELL, "line", PROOF, now),
        lambda: actions.withdraw(AGENCY, 2, Purpose.SELL, "line", "", now),
        lambda: actions.suppress(AGENCY, 2, None, "asked", now),
        lambda: actions.set_no_profiling(AGENCY, 2, True, now),
        lambda: queries.words_of(AGENCY, [2]),
        lambda: queries.totals(AGENCY),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            forbidden()
    assert not state()


def test_suppression_holds_by_identity_and_by_keyed_hash(house: Installation, now: datetime) -> None:
    for _ in range(2):
        actions.suppress(CARE, 2, None, "asked", now)
        actions.suppress(CARE, None, b"k" * 16, "erased", now)
    with transaction(RELATIONSHIP) as connection:
        assert wishes(connection, [2, 4], Purpose.ENGAGE, ["line"]).suppressed == {2}
        assert suppressed_keys(connection, [b"k" * 16, b"x" * 16]) == {b"k" * 16}
    assert queries.totals(SYSTEM).suppressed == 2
    with pytest.raises(Refused, match="suppression_of_nobody"):
        actions.suppress(CARE, None, None, "asked", now)


def test_no_profiling_can_be_wished_and_taken_back(house: Installation, now: datetime) -> None:
    for wanted in (True, True, False):
        actions.set_no_profiling(CARE, 2, wanted, now)
        with transaction(RELATIONSHIP) as connection:
            assert (2 in wishes(connection, [2], Purpose.ENGAGE, []).unprofiled) is wanted


def published(kind: str, ref: int, at_moment: datetime, traits: str | None = None) -> pa.Table:
    names = ["ref", "key", "kind", "happened_at", "reference", "traits"]
    row = dict(zip(names, [ref, bytes(16), kind, at_moment, None, traits], strict=True))
    kinds = [pa.int64(), pa.binary(16), pa.string(), pa.timestamp("us", tz="UTC"), pa.string(), pa.string()]
    return pa.Table.from_pylist([row], pa.schema(list(zip(names, kinds, strict=True))))


def test_what_the_digests_publish_arrives_once(house: Installation, now: datetime) -> None:
    with transaction(SOCIAL) as connection:
        publish(
            connection, "consent", published("consented", 1, now, '{"purpose": "sell", "channel": "line"}')
        )
        publish(connection, "consent", published("withdrew", 2, now))
        publish(
            connection, "follow", published("followed", 1, now).select(["ref", "key", "kind", "happened_at"])
        )
    for _ in range(2):
        deliver(ConsentConsumer(Side.SOCIAL))
        deliver(FollowConsumer())
    assert Consent.objects.count() == 3
    with transaction(RELATIONSHIP) as connection:
        found = wishes(connection, [2, 4], Purpose.SELL, ["line"])
    assert (found.granted, found.withdrew, found.follows) == ({2}, {4}, {2})


def test_a_fan_who_unfollowed_later_does_not_follow(house: Installation, now: datetime) -> None:
    with transaction(SOCIAL) as connection:
        for kind, hours in (("unfollowed", 2), ("followed", 1), ("followed", 2)):
            publish(connection, "follow", published(kind, 1, now + timedelta(hours=hours)))
    deliver(FollowConsumer())
    with transaction(RELATIONSHIP) as connection:
        assert wishes(connection, [2], Purpose.ENGAGE, []).unfollowed == {2}


def test_a_withdrawal_waits_for_a_send_that_has_begun(house: Installation, now: datetime) -> None:
    order: list[str] = []

    def withdraw() -> None:
        actions.withdraw(CARE, 2, Purpose.ENGAGE, "any", "", now)
        order.append("withdrawn")
        connections.close_all()

    thread = threading.Thread(target=withdraw)
    with transaction(RELATIONSHIP) as connection:
        lock_for_sending(connection, [2, 4])
        thread.start()
        thread.join(0.2)
        order.append("sent")
    thread.join()
    assert order == ["sent", "withdrawn"]


def test_the_mirrors_say_what_the_records_say(house: Installation, now: datetime) -> None:
    odd = now + timedelta(microseconds=7)
    apply([(2, "sell", "line", True, odd), (4, "engage", "any", False, now)])
    actions.suppress(CARE, 6, None, "asked", now)
    report = refresh_consent(now)
    assert (report.consents, report.follows, report.suppressed) == (2, 0, 1)
    with Engine() as engine:
        rows = engine.ask("SELECT * FROM relationship.consent ORDER BY identity").to_pylist()
    assert [(r["identity"], r["granted"]) for r in rows] == [(2, True), (4, False)]
    assert rows[0]["happened_at"] == odd
