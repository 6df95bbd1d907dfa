"""Day zero and every night after: what WeChat's own lists tell that no push told is heard, once, and dated."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guanxi.channels.wechat.fake import api_people
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account
from guanxi.composition.asking import Found, ask_platforms
from guanxi.composition.consumers import hear
from guanxi.listen.imports.importing import import_file
from guanxi.listen.imports.mapping import read_mapping
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.social.actions_tags import tag_fans
from guanxi.social.queries.groups import tags_of_fan
from guanxi.vocabulary.reasons import Refused

MAPPINGS = Path(__file__).parents[2] / "examples" / "mappings" / "day-zero"


@pytest.fixture
def people(fake: FakeWeChat, account: Account) -> People:
    return People(fake.world, fake.courier, account)


def read(minutes: int = 60) -> Found:
    """What is found so many minutes from now."""
    (found,) = ask_platforms(datetime.now(UTC) + timedelta(minutes=minutes))
    assert found.untold == ("groups",)
    return found


def heard(listed: int, **counts: Any) -> Found:
    """What is found where so many follow; WeChat has no groups."""
    return Found("wechat", "brand", listed, untold=("groups",), **counts)


def follows() -> dict[str, bool]:
    rows = raw(SOCIAL).execute(
        "SELECT external_id, followed_at IS NOT NULL AND (unfollowed_at IS NULL OR unfollowed_at < followed_at) "
        "FROM fan"
    )
    return dict(rows.fetchall())


def test_on_day_zero_everybody_who_follows_is_known_with_the_day_they_came(
    fake: FakeWeChat, account: Account, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_people, "PAGE", 4)
    came = [fake.world.meet(account, str(n), union_id=f"oU{n}") for n in range(10)]
    for number, person in enumerate(came):
        people.follow(person, "q:window" if number < 3 else "")
        person.followed_at -= number * 86_400
    fake.world.meet(account, "a stranger")
    assert read() == heard(listed=10, followed=10, described=10)
    hear()
    assert follows() == {person.openid: True for person in came}
    days = raw(SOCIAL).execute("SELECT external_id, followed_at FROM fan").fetchall()
    assert {openid: int(at.timestamp()) for openid, at in days} == {p.openid: p.followed_at for p in came}
    keys = raw(SOCIAL).execute("SELECT count(*) FROM contact_key WHERE kind = 'union_id'").fetchone()
    assert keys == (10,)


def test_what_was_missed_is_found_and_said_once(fake: FakeWeChat, account: Account, people: People) -> None:
    stays, leaves, comes = (fake.world.meet(account, name) for name in ("stays", "leaves", "comes"))
    people.follow(stays)
    people.follow(leaves)
    read()
    hear()
    people.leave_unheard(leaves)
    people.follow_unheard(comes)
    assert read() == heard(listed=2, followed=1, unfollowed=1, described=1)
    assert read() == heard(listed=2)
    hear()
    assert follows() == {stays.openid: True, leaves.openid: False, comes.openid: True}
    assert read() == heard(listed=2)
    people.follow_unheard(leaves)
    leaves.followed_at += 3 * 3600
    assert read(60).followed == 0
    assert read(300).followed == 1
    hear()
    assert follows()[leaves.openid]


def test_tags_are_read_and_what_the_platform_takes_off_is_off(
    fake: FakeWeChat, account: Account, people: People
) -> None:
    person = fake.world.meet(account, "小林")
    people.follow(person)
    account.tags[101] = "老顾客"
    person.tags.add(101)
    assert read().tagged == 1
    assert read().tagged == 0
    hear()
    row = raw(SOCIAL).execute("SELECT external_id, name FROM tag").fetchone()
    assert row == ("101", "老顾客")
    person.tags.clear()
    assert read().untagged == 1
    hear()
    assert read() == heard(listed=1)


def test_a_tag_that_was_renamed_follows_and_a_deleted_one_ends_but_our_own_stays(
    fake: FakeWeChat, account: Account, people: People
) -> None:
    person = fake.world.meet(account, "小林")
    people.follow(person)
    account.tags |= {101: "老顾客", 102: "试用"}
    person.tags |= {101, 102}
    assert read().tagged == 2
    hear()
    row = raw(SOCIAL).execute("SELECT id, account_id FROM fan").fetchone()
    assert row is not None
    fan, place = row
    tag_fans(SYSTEM, place, [fan], "VIP", datetime.now(UTC))
    raw(SOCIAL).execute("UPDATE tag_order SET state = 'refused'")
    account.tags = {101: "<b>老朋友</b>"}
    person.tags = {101}
    assert read(70).untagged == 1
    hear()
    assert {tag.name for tag in tags_of_fan(SYSTEM, fan)} == {"<b>老朋友</b>", "VIP"}
    assert read(80) == heard(listed=1)


def test_a_tag_of_which_the_platform_is_not_told_yet_is_left_alone(
    fake: FakeWeChat, account: Account, people: People
) -> None:
    person = fake.world.meet(account, "小林")
    people.follow(person)
    account.tags[101] = "老顾客"
    read()
    hear()
    row = raw(SOCIAL).execute("SELECT id, account_id FROM fan").fetchone()
    assert row is not None
    fan, place = row
    tag_fans(SYSTEM, place, [fan], "老顾客", datetime.now(UTC))
    raw(SOCIAL).execute("UPDATE tag SET external_id = '101'")
    assert read() == heard(listed=1)
    raw(SOCIAL).execute("UPDATE tag_order SET state = 'done'")
    assert read().untagged == 1


def test_nothing_is_concluded_from_a_list_that_breaks_off(
    fake: FakeWeChat, account: Account, people: People
) -> None:
    person = fake.world.meet(account, "小林")
    people.follow(person)
    read()
    hear()
    account.limits["/cgi-bin/user/get"] = 1
    account.people.clear()
    found = read()
    assert found.unfollowed == 0
    assert found.refused.startswith("platform_refused: 45009")
    hear()
    assert follows() == {person.openid: True}


def test_somebody_who_follows_while_the_list_is_read_is_not_lost(
    fake: FakeWeChat, account: Account, people: People
) -> None:
    person = fake.world.meet(account, "小林")
    people.follow(person)
    read()
    hear()
    account.people.clear()
    before = datetime.fromtimestamp(person.followed_at, UTC) - timedelta(seconds=1)
    assert ask_platforms(before)[0].unfollowed == 0


def test_an_account_that_nobody_knows_is_refused(account: Account) -> None:
    with pytest.raises(Refused, match="no_such_channel_account"):
        ask_platforms(datetime.now(UTC), "wechat", "other")


@pytest.mark.parametrize("name", sorted(path.stem for path in MAPPINGS.glob("*.toml")))
def test_each_example_of_day_zero_is_read_whole(house: Installation, name: str) -> None:
    receipt = import_file(MAPPINGS / f"{name}.csv", read_mapping(MAPPINGS / f"{name}.toml"))
    assert receipt.quarantined == 0
    assert receipt.accepted >= 3
    again = import_file(MAPPINGS / f"{name}.csv", read_mapping(MAPPINGS / f"{name}.toml"))
    assert again.accepted == 0


def test_day_zero_from_files_makes_fans_tags_groups_and_refusals(house: Installation) -> None:
    for name in sorted(path.stem for path in MAPPINGS.glob("*.toml")):
        import_file(MAPPINGS / f"{name}.csv", read_mapping(MAPPINGS / f"{name}.toml"))
    hear()
    states = follows()
    assert (states["oA1"], states["oA3"]) == (True, False)
    assert raw(SOCIAL).execute("SELECT name FROM tag ORDER BY name").fetchall() == [("VIP",), ("新客",)]
    groups = raw(SOCIAL).execute("SELECT external_id, name FROM chat_group").fetchall()
    assert groups == [("g1", "春季群")]
    facts = raw(SOCIAL).execute("SELECT facts FROM fan WHERE external_id = 'oA1'").fetchone()
    assert facts is not None
    assert ("vic", "gold") in {(fact["name"], fact["value"]) for fact in json.loads(facts[0])}
    refused = (
        raw(RELATIONSHIP)
        .execute("SELECT count(DISTINCT identity) FROM consent_state WHERE NOT granted")
        .fetchone()
    )
    assert refused == (3,)
