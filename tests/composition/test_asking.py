"""Day zero and every night after on WeCom and LINE: people, names, tags and groups, through the inbox, each once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.channels.hook import Told
from guanxi.composition.asking import Found, ask_about_newcomers, ask_platforms
from guanxi.composition.consumers import hear
from guanxi.composition.tagging import KEPT_HERE, deliver_tags
from guanxi.listen.hooks.found import keep
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.social.actions_tags import tag_fans
from guanxi.social.queries.groups import tags_of_fan
from guanxi.vocabulary.activity import Kind
from small_line import CHANNEL, SmallLine, group, user
from small_line import SECRET as LINE_SECRET
from small_server import running
from small_wecom import CORP, SECRET, SmallWeCom, error

ANN, BOB, CAT = "wmAnn", "woBob", "wmCat"
NOW = datetime.now(UTC)
FIRST = int((NOW - timedelta(days=90)).timestamp())
DAY = 86_400
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
GROUPS = "/cgi-bin/externalcontact/groupchat/list"


@pytest.fixture
def wecom(house: Installation) -> Iterator[SmallWeCom]:
    with running(SmallWeCom()) as server:
        settings = {
            "corp_id": CORP,
            "token": "t",
            "aes_key": KEY,
            "secret": SECRET,
            "api_address": server.address,
        }
        add_account(SYSTEM, "wecom", "shop", "Asia/Shanghai", settings)
        for who, name in ((ANN, "安"), (BOB, "Bob"), (CAT, "猫")):
            server.meet(who, name, gender=2, unionid=f"oU-{who}")
        server.add("li", ANN, FIRST)
        server.add("wu", ANN, FIRST + DAY)
        server.add("li", BOB, FIRST + 2 * DAY)
        yield server


@pytest.fixture
def line(house: Installation) -> Iterator[SmallLine]:
    with running(SmallLine()) as server:
        settings = {"channel_secret": LINE_SECRET, "channel_id": CHANNEL, "api_address": server.address}
        add_account(SYSTEM, "line", "brand", "Asia/Tokyo", settings)
        for number, (name, language) in enumerate((("花子", "ja"), ("Max", "de"), ("Som", ""))):
            server.befriend(number, name, language)
        yield server


def ask(minutes: int = 0) -> Found:
    """What is found so many minutes from now, and digested."""
    (found,) = ask_platforms(NOW + timedelta(minutes=minutes))
    hear()
    return found


def push(platform: str, account: str, *told: Told) -> None:
    keep(Place(platform, account), told, {})
    hear()


def fans() -> dict[str, tuple[str, bool]]:
    rows = raw(SOCIAL).execute(
        "SELECT external_id, name, followed_at IS NOT NULL AND (unfollowed_at IS NULL OR unfollowed_at < "
        "followed_at) FROM fan"
    )
    return {external_id: (name, follows) for external_id, name, follows in rows.fetchall()}


def facts(external_id: str) -> dict[str, tuple[str, str, float]]:
    row = raw(SOCIAL).execute("SELECT facts FROM fan WHERE external_id = %s", (external_id,)).fetchone()
    assert row is not None
    return {one["name"]: (one["value"], one["source"], one["confidence"]) for one in json.loads(row[0])}


def fan(external_id: str) -> tuple[int, int]:
    row = (
        raw(SOCIAL)
        .execute("SELECT id, account_id FROM fan WHERE external_id = %s", (external_id,))
        .fetchone()
    )
    assert row is not None
    return row[0], row[1]


def members() -> list[tuple[str, bool]]:
    rows = raw(SOCIAL).execute(
        "SELECT f.external_id, m.left_at IS NULL OR m.joined_at > m.left_at FROM group_member m "
        "JOIN fan f ON f.id = m.fan ORDER BY 1"
    )
    return rows.fetchall()


def chat_groups() -> list[tuple[str, str, bool]]:
    rows = raw(SOCIAL).execute("SELECT external_id, name, closed_at IS NULL FROM chat_group ORDER BY 1")
    return rows.fetchall()


def test_day_zero_of_a_corporation_is_dated_sourced_named_and_said_once(wecom: SmallWeCom) -> None:
    assert ask() == Found("wecom", "shop", listed=2, followed=2, added=3, described=2)
    assert fans() == {ANN: ("安", True), BOB: ("Bob", True)}
    assert facts(ANN) == {"gender": ("female", "wecom lists", 0.9)}
    row = raw(SOCIAL).execute("SELECT followed_at FROM fan WHERE external_id = %s", (ANN,)).fetchone()
    assert row == (datetime.fromtimestamp(FIRST + DAY, UTC),)
    keys = raw(SOCIAL).execute("SELECT count(*) FROM contact_key WHERE kind = 'union_id'").fetchone()
    assert keys == (2,)
    assert ask(60) == Found("wecom", "shop", listed=2)


def test_who_came_changed_their_name_or_left_unheard_is_noticed(wecom: SmallWeCom) -> None:
    ask()
    wecom.add("wu", CAT, FIRST + 5 * DAY)
    wecom.people[BOB]["name"] = "Robert"
    del wecom.staff["li"][ANN], wecom.staff["wu"][ANN]
    assert ask(60) == Found(
        "wecom", "shop", listed=2, followed=1, unfollowed=1, added=1, parted=2, described=2
    )
    assert fans() == {ANN: ("安", False), BOB: ("Robert", True), CAT: ("猫", True)}
    wecom.people[BOB]["name"] = "Bob"
    assert ask(120).described == 1
    assert fans()[BOB] == ("Bob", True)
    wecom.people[BOB]["name"] = "Robert"
    assert ask(180).described == 1
    assert fans()[BOB] == ("Robert", True)


def left(who: str, staff: str, at: datetime) -> Told:
    """What a push tells of a contact who deleted an employee."""
    return Told(Kind.PARTED, who, at, f"{who} {staff}", traits={"staff": staff, "by": "contact"})


def test_a_contact_who_deleted_the_employee_stays_listed_and_stays_gone(wecom: SmallWeCom) -> None:
    ask()
    push("wecom", "shop", left(BOB, "li", NOW - timedelta(days=1)))
    assert fans()[BOB] == ("Bob", False)
    found = ask(60)
    assert (found.followed, found.added) == (0, 0)
    assert fans()[BOB] == ("Bob", False)
    wecom.add("wu", BOB, int((NOW - timedelta(hours=2)).timestamp()))
    found = ask(120)
    assert (found.followed, found.added) == (1, 1)
    assert fans()[BOB] == ("Bob", True)


def test_who_parted_from_one_of_two_employees_unheard_follows_still_and_the_parting_is_dated(
    wecom: SmallWeCom,
) -> None:
    ask()
    del wecom.staff["li"][ANN]
    found = ask(60)
    assert (found.unfollowed, found.parted) == (0, 1)
    assert fans()[ANN] == ("安", True)
    rows = raw(SOCIAL).execute(
        "SELECT w.way, w.ended_at FROM fan_way w JOIN fan f ON f.id = w.fan AND f.external_id = %s "
        "ORDER BY 1",
        (ANN,),
    )
    assert rows.fetchall() == [("li", NOW + timedelta(minutes=60)), ("wu", None)]
    assert ask(120).parted == 0
    del wecom.staff["wu"][ANN]
    found = ask(180)
    assert (found.unfollowed, found.parted) == (1, 1)
    assert fans()[ANN] == ("安", False)
    wecom.add("li", ANN, int((NOW + timedelta(minutes=200)).timestamp()))
    assert ask(240).followed == 1
    assert fans()[ANN] == ("安", True)


def test_an_employee_who_left_the_corporation_parts_from_all_their_contacts(wecom: SmallWeCom) -> None:
    ask()
    del wecom.staff["li"]
    found = ask(60)
    assert (found.parted, found.unfollowed) == (2, 1)
    assert {who: follows for who, (_, follows) in fans().items()} == {ANN: True, BOB: False}


def test_somebody_added_a_moment_ago_is_left_to_the_push(wecom: SmallWeCom) -> None:
    wecom.add("wu", CAT, int(NOW.timestamp()) - 60)
    assert ask().followed == 2
    assert ask(20).followed == 1


def test_words_that_were_taken_back_are_not_asked_for_again(wecom: SmallWeCom) -> None:
    ask()
    push("wecom", "shop", Told(Kind.REVOKED, ANN, NOW, "r1", traits={"fields": ["all"]}))
    wecom.people[ANN]["name"] = "安安"
    assert ask(60).described == 0
    assert fans()[ANN][0] == ""


def test_where_an_employee_has_no_licence_nobody_is_gone_for_not_being_listed(wecom: SmallWeCom) -> None:
    wecom.add("wu", CAT, FIRST)
    ask()
    wecom.unlicensed.append("wu")
    del wecom.staff["li"][BOB]
    assert ask(60) == Found("wecom", "shop", listed=1, unfollowed=1, parted=1)
    assert {who: follows for who, (_, follows) in fans().items()} == {ANN: True, BOB: False, CAT: True}


def test_tags_go_both_ways_and_are_one_tag(wecom: SmallWeCom) -> None:
    wecom.tags["et1"] = "老顾客"
    wecom.staff["li"][ANN].tags.add("et1")
    assert ask().tagged == 1
    number, account = fan(ANN)
    tag_fans(SYSTEM, account, [number], "VIP", NOW)
    assert deliver_tags(NOW) == 1
    (vip,) = (tag for tag, name in wecom.tags.items() if name == "VIP")
    assert wecom.staff["li"][ANN].tags == {"et1", vip}
    assert ask(60).tagged == 0
    assert [tag.name for tag in tags_of_fan(SYSTEM, number)] == ["VIP", "老顾客"]
    wecom.staff["li"][ANN].tags.remove("et1")
    tag_fans(SYSTEM, account, [number], "VIP", NOW + timedelta(seconds=1), wanted=False)
    assert deliver_tags(NOW) == 1
    assert wecom.staff["li"][ANN].tags == set()
    assert ask(120).untagged == 1
    assert tags_of_fan(SYSTEM, number) == ()


def test_groups_are_known_by_name_with_members_since_when_and_until_they_are_dissolved(
    wecom: SmallWeCom,
) -> None:
    ann = {"userid": ANN, "type": 2, "join_time": FIRST + 3 * DAY, "name": "安", "unionid": "oU-a"}
    guest = {"userid": "wmGuest", "type": 2, "join_time": FIRST + 4 * DAY, "name": "路人"}
    wecom.open_group("li", "wr1", "春季群", FIRST, ann, guest)
    found = ask()
    assert (found.groups, found.joined, found.left) == (1, 2, 0)
    assert chat_groups() == [("wr1", "春季群", True)]
    assert members() == [(ANN, True), ("wmGuest", True)]
    assert fans()["wmGuest"] == ("路人", False)
    row = raw(SOCIAL).execute("SELECT opened_at FROM chat_group").fetchone()
    assert row == (datetime.fromtimestamp(FIRST, UTC),)
    wecom.groups["wr1"]["name"] = "夏季群"
    wecom.groups["wr1"]["member_list"].remove(ann)
    found = ask(60)
    assert (found.groups, found.joined, found.left) == (1, 0, 1)
    assert (chat_groups(), members()) == ([("wr1", "夏季群", True)], [(ANN, False), ("wmGuest", True)])
    del wecom.groups["wr1"], wecom.owners["wr1"]
    assert ask(120).groups == 0
    assert chat_groups() == [("wr1", "夏季群", False)]
    assert ask(180).groups == 0
    notices = raw(SOCIAL).execute("SELECT name FROM notice ORDER BY happened_at").fetchall()
    assert notices == [("group_opened",), ("group_named",), ("group_closed",)]


def test_a_part_that_is_refused_costs_no_other_and_nothing_is_concluded_from_it(wecom: SmallWeCom) -> None:
    wecom.open_group(
        "li", "wr1", "春季群", FIRST, {"userid": ANN, "type": 2, "join_time": FIRST, "name": "安"}
    )
    ask()
    wecom.plan(GROUPS, (200, error(48002, "api forbidden")))
    wecom.add("wu", CAT, FIRST)
    found = ask(60)
    assert (found.followed, found.left) == (1, 0)
    assert found.refused.startswith("platform_refused: 48002")
    assert members() == [(ANN, True)]


def test_the_friends_of_a_verified_line_account_come_with_names_and_languages(line: SmallLine) -> None:
    assert ask() == Found("line", "brand", listed=3, followed=3, described=3, untold=("tags",))
    assert fans() == {user(0): ("花子", True), user(1): ("Max", True), user(2): ("Som", True)}
    assert facts(user(0)) == {"language": ("ja", "line lists", 0.9)}
    assert ask(60) == Found("line", "brand", listed=3, untold=("tags",))


def test_a_friend_who_is_not_listed_has_left_only_if_line_says_so(line: SmallLine) -> None:
    ask()
    line.hidden = {user(0)}
    del line.friends[user(1)]
    assert ask(60) == Found("line", "brand", listed=1, unfollowed=1, untold=("tags",))
    assert {who: follows for who, (_, follows) in fans().items()} == {
        user(0): True,
        user(1): False,
        user(2): True,
    }


def test_an_account_that_is_not_told_its_friends_says_so_once_and_asks_about_those_it_heard_of(
    line: SmallLine,
) -> None:
    line.is_verified = False
    earlier = NOW - timedelta(days=1)
    heard = [Told(Kind.FOLLOWED, user(number), earlier, f"e{number}") for number in (0, 1)]
    push("line", "brand", *heard, Told(Kind.FOLLOWED, user(7), earlier, "e7"))
    found = ask()
    assert found == Found("line", "brand", unfollowed=1, described=2, untold=("followers", "tags"))
    assert fans() == {user(0): ("花子", True), user(1): ("Max", True), user(7): ("", False)}
    ask(60)
    rows = raw(SOCIAL).execute("SELECT name, reference FROM notice").fetchall()
    assert rows == [("list_untold", "followers")]


def test_a_line_group_gets_its_name_and_its_guests_theirs(line: SmallLine) -> None:
    place = {"group": {"id": group(1), "name": "", "kind": "group"}}
    spoke = Told(Kind.MESSAGED, user(0), NOW - timedelta(days=1), "m1", traits=place)
    push("line", "brand", spoke)
    line.groups[group(1)] = ("春の会", {user(0): "花子", user(9): "ゲスト"})
    found = ask()
    assert (found.groups, found.joined) == (1, 1)
    assert chat_groups() == [(group(1), "春の会", True)]
    assert fans()[user(9)] == ("ゲスト", False)
    line.groups[group(1)][1].pop(user(9))
    assert ask(60).left == 0
    line.groups.clear()
    ask(120)
    assert chat_groups() == [(group(1), "春の会", False)]


def test_tags_on_fans_of_line_are_kept_here(line: SmallLine) -> None:
    ask()
    number, account = fan(user(0))
    tag_fans(SYSTEM, account, [number], "VIP", NOW)
    assert deliver_tags(NOW) == 0
    assert raw(SOCIAL).execute("SELECT state, code FROM tag_order").fetchall() == [("refused", KEPT_HERE)]


def test_an_account_that_only_listens_is_passed_over_unless_it_is_named(house: Installation) -> None:
    add_account(SYSTEM, "line", "quiet", "Asia/Tokyo", {"channel_secret": LINE_SECRET})
    assert ask_platforms(NOW) == ()
    (found,) = ask_platforms(NOW, "line", "quiet")
    assert found.refused == "setting_missing: channel_id"


def test_tokens_are_kept_sealed_and_serve_the_next_reading(wecom: SmallWeCom) -> None:
    ask()
    ask(60)
    assert wecom.calls["/cgi-bin/gettoken"] == 1
    rows = raw(RELATIONSHIP).execute("SELECT platform, account, sealed FROM platform_token").fetchall()
    assert [(platform, account) for platform, account, _ in rows] == [("wecom", "shop")]
    assert b"token-0" not in bytes(rows[0][2])


def test_whoever_a_push_told_of_has_their_name_within_minutes(wecom: SmallWeCom) -> None:
    wecom.add("li", CAT, int(NOW.timestamp()))
    push("wecom", "shop", Told(Kind.FOLLOWED, CAT, NOW, "p1"))
    assert fans()[CAT] == ("", True)
    moment = datetime.now(UTC)
    assert ask_about_newcomers(moment) == 1
    hear()
    assert fans()[CAT] == ("猫", True)
    assert wecom.calls["/cgi-bin/externalcontact/get"] == 1
    assert ask_about_newcomers(moment) == 0
    assert wecom.calls["/cgi-bin/externalcontact/get"] == 1
    wecom.plan("/cgi-bin/externalcontact/get", (200, error(45009, "api freq out of limit")))
    push("wecom", "shop", Told(Kind.FOLLOWED, BOB, NOW, "p2"))
    assert ask_about_newcomers(moment) == 0


def test_whoever_was_edited_at_the_platform_has_their_tags_and_name_within_minutes_for_one_call(
    wecom: SmallWeCom,
) -> None:
    wecom.tags |= {"et1": "老顾客", "et2": "VIP"}
    wecom.staff["li"][ANN].tags.add("et1")
    ask()
    number, _account = fan(ANN)
    assert [tag.name for tag in tags_of_fan(SYSTEM, number)] == ["老顾客"]
    wecom.staff["li"][ANN].tags = {"et2"}
    wecom.people[ANN]["name"] = "安安"
    edits = [
        Told(Kind.NOTED, ANN, NOW, f"e{n}", traits={"notice": "external_contact_edit_external_contact"})
        for n in range(5)
    ]
    push("wecom", "shop", *edits)
    before = wecom.calls["/cgi-bin/externalcontact/get"]
    assert ask_about_newcomers(datetime.now(UTC)) == 3
    hear()
    assert wecom.calls["/cgi-bin/externalcontact/get"] == before + 1
    assert [tag.name for tag in tags_of_fan(SYSTEM, number)] == ["VIP"]
    assert fans()[ANN] == ("安安", True)
    assert ask_about_newcomers(datetime.now(UTC)) == 0
    assert ask_about_newcomers(datetime.now(UTC) + timedelta(minutes=12)) == 0
    assert wecom.calls["/cgi-bin/externalcontact/get"] == before + 2


def test_a_name_cut_in_the_middle_of_an_emoji_costs_nobody(line: SmallLine) -> None:
    line.befriend(0, "花\ud83d")
    assert ask().described == 3
    assert fans()[user(0)] == ("花?", True)
    assert ask(60).described == 0
