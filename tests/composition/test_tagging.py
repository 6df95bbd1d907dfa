"""Tags two ways: put on here they reach WeChat, put on there they reach us, and both are one tag."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account, Person
from guanxi.composition.asking import ask_platforms
from guanxi.composition.consumers import hear
from guanxi.composition.tagging import KEPT_HERE, deliver_tags
from guanxi.records.accounts import remove_account
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import SOCIAL, raw
from guanxi.social.actions_tags import TRIES_MAX, tag_fans
from guanxi.social.queries.groups import tags_of_fan
from guanxi.vocabulary.reasons import Refused

NOW = datetime.now(UTC)


@pytest.fixture
def fans(fake: FakeWeChat, account: Account) -> list[Person]:
    people = People(fake.world, fake.courier, account)
    came = [fake.world.meet(account, name) for name in ("ann", "bob")]
    for person in came:
        people.follow(person)
    compare()
    return came


def compare() -> None:
    ask_platforms(datetime.now(UTC) + timedelta(hours=1))
    hear()


def ids(*people: Person) -> list[int]:
    rows = dict(raw(SOCIAL).execute("SELECT external_id, id FROM fan").fetchall())
    return [rows[person.openid] for person in people]


def place() -> int:
    row = raw(SOCIAL).execute("SELECT id FROM account").fetchone()
    assert row is not None
    return int(row[0])


def known() -> list[tuple[str, str]]:
    return raw(SOCIAL).execute("SELECT external_id, name FROM tag ORDER BY 1").fetchall()


def states() -> list[tuple[str, str]]:
    return raw(SOCIAL).execute("SELECT state, code FROM tag_order ORDER BY id").fetchall()


def test_a_tag_put_on_here_is_there_and_is_one_tag(account: Account, fans: list[Person]) -> None:
    ann, bob = fans
    tag_fans(SYSTEM, place(), ids(ann, bob), " VIP ", NOW)
    assert [tag.name for tag in tags_of_fan(SYSTEM, ids(ann)[0])] == ["VIP"]
    assert deliver_tags(NOW) == 2
    assert deliver_tags(NOW) == 0
    (number,) = (number for number, name in account.tags.items() if name == "VIP")
    assert [number in person.tags for person in fans] == [True, True]
    assert known() == [(str(number), "VIP")]
    compare()
    assert known() == [(str(number), "VIP")]
    assert states() == [("done", "")] * 2


def test_a_tag_taken_off_here_is_off_there(account: Account, fans: list[Person]) -> None:
    ann, bob = fans
    tag_fans(SYSTEM, place(), ids(ann, bob), "VIP", NOW)
    deliver_tags(NOW)
    tag_fans(SYSTEM, place(), ids(ann), "VIP", NOW + timedelta(seconds=1), wanted=False)
    assert deliver_tags(NOW) == 1
    assert [len(person.tags) for person in fans] == [0, 1]
    assert tags_of_fan(SYSTEM, ids(ann)[0]) == ()


def test_only_the_last_word_on_a_fan_is_told(account: Account, fans: list[Person]) -> None:
    ann = fans[0]
    for second, wanted in enumerate((True, False, True)):
        tag_fans(SYSTEM, place(), ids(ann), "VIP", NOW + timedelta(seconds=second), wanted=wanted)
    assert deliver_tags(NOW) == 1
    assert len(ann.tags) == 1
    assert states() == [("done", "")] * 3


def test_a_tag_that_the_platform_made_meanwhile_becomes_the_same(
    account: Account, fans: list[Person]
) -> None:
    ann, bob = fans
    tag_fans(SYSTEM, place(), ids(ann), "VIP", NOW)
    account.tags[500] = "VIP"
    bob.tags.add(500)
    compare()
    assert [name for _, name in known()] == ["VIP", "VIP"]
    deliver_tags(NOW)
    assert known() == [("500", "VIP")]
    assert [[tag.name for tag in tags_of_fan(SYSTEM, fan)] for fan in ids(ann, bob)] == [["VIP"], ["VIP"]]


def test_an_account_without_tags_keeps_them_here(account: Account, fans: list[Person]) -> None:
    remove_account(SYSTEM, "wechat", "brand")
    tag_fans(SYSTEM, place(), ids(fans[0]), "VIP", NOW)
    assert deliver_tags(NOW) == 0
    assert states() == [("refused", KEPT_HERE)]
    assert [tag.name for tag in tags_of_fan(SYSTEM, ids(fans[0])[0])] == ["VIP"]


def test_what_the_platform_does_not_answer_is_tried_again_and_given_up(
    fake: FakeWeChat, account: Account, fans: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refused("platform_refused", "45009")

    monkeypatch.setattr("guanxi.channels.wechat.directory.tag_followers", refuse)
    tag_fans(SYSTEM, place(), ids(fans[0]), "VIP", NOW)
    for _ in range(TRIES_MAX):
        assert deliver_tags(NOW) == 0
    assert states() == [("refused", "platform_refused")]


def test_only_who_may_tags_and_only_fans_of_the_account(account: Account, fans: list[Person]) -> None:
    care = Actor(None, "care", frozenset({Role.CARE}))
    for actor, where, whom, tag, code in (
        (care, place(), ids(fans[0]), "VIP", "not_permitted"),
        (SYSTEM, 999, ids(fans[0]), "VIP", "no_such_channel_account"),
        (SYSTEM, place(), [999], "VIP", "no_such_fan"),
        (SYSTEM, place(), ids(fans[0]), "  ", "tag_missing"),
        (SYSTEM, place(), list(range(10_001)), "VIP", "too_many_fans"),
    ):
        with pytest.raises(Refused, match=code):
            tag_fans(actor, where, whom, tag, NOW)
    assert (known(), states()) == ([], [])
