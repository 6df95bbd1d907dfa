"""WeCom is asked: tokens, errors, contacts of several employees, tags, groups, against an API on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from guanxi.channels.asking import open_directory
from guanxi.channels.calling import Way
from guanxi.channels.directory import Directory, Member, PlatformTag
from guanxi.channels.errors import PlatformRefused, Then, meanings
from guanxi.channels.wecom.client import WeComClient
from guanxi.vocabulary.reasons import Refused
from small_server import asking, running
from small_wecom import CORP, CUSTOMERS, SECRET, SmallWeCom, error

ANN, BOB, CAT = "wmAnn", "woBob", "wmCat"
DAY = 86_400
LIST = f"{CUSTOMERS}/batch/get_by_user"
STAFF = f"{CUSTOMERS}/get_follow_user_list"


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wecom() -> Iterator[SmallWeCom]:
    with running(SmallWeCom()) as server:
        for who, name in ((ANN, "安"), (BOB, "Bob"), (CAT, "猫")):
            server.meet(who, name)
        server.add("li", ANN, 3 * DAY, state="q:window")
        server.add("li", BOB, 2 * DAY)
        server.add("wu", ANN, DAY, add_way=3)
        server.add("wu", CAT, DAY)
        server.staff["idle"] = {}
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(wecom: SmallWeCom, clock: Clock) -> Iterator[WeComClient]:
    with WeComClient(CORP, SECRET, Way(wecom.address, clock=clock, pause=lambda _: None)) as client:
        yield client


@pytest.fixture
def directory(wecom: SmallWeCom) -> Iterator[Directory]:
    with asking("wecom", corp_id=CORP, secret=SECRET, api_address=wecom.address) as found:
        yield found


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_token_is_fetched_once_for_everybody_and_again_once_it_ended(
    wecom: SmallWeCom, client: WeComClient, clock: Clock
) -> None:
    def at_once() -> int:
        with ThreadPoolExecutor(20) as pool:
            answers = [pool.submit(client.get, STAFF) for _ in range(20)]
        assert all(answer.result()["follow_user"] == ["li", "wu", "idle"] for answer in answers)
        return wecom.calls["/cgi-bin/gettoken"]

    assert at_once() == 1
    clock.now += 7_200
    assert at_once() == 2
    wecom.end_token()
    assert at_once() == 3


def test_an_expired_token_is_renewed_once_and_a_second_refusal_bars_the_account(
    wecom: SmallWeCom, client: WeComClient
) -> None:
    wecom.plan(STAFF, (200, error(42001, "access_token expired")))
    assert client.get(STAFF)["follow_user"]
    wecom.plan(STAFF, *[(200, error(42001, "access_token expired"))] * 9)
    with pytest.raises(PlatformRefused, match="42001"):
        client.get(STAFF)
    asked = wecom.calls["/cgi-bin/gettoken"]
    with pytest.raises(Refused, match="account_barred: 42001"):
        client.get(STAFF)
    assert wecom.calls["/cgi-bin/gettoken"] == asked


def test_a_wrong_secret_is_asked_about_once_and_never_named(
    wecom: SmallWeCom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = WeComClient(CORP, "a-wrong-secret", Way(wecom.address))
    with pytest.raises(PlatformRefused, match="40001") as refused:
        client.get(STAFF)
    with pytest.raises(Refused, match="account_barred"):
        client.get(STAFF)
    assert wecom.calls["/cgi-bin/gettoken"] == 1
    assert "a-wrong-secret" not in caplog.text + repr(refused.value) + repr(client.__dict__["_tokens"])


@pytest.mark.parametrize(
    "answer", [(200, error(-1, "system busy")), (503, {}), (502, {}), (200, error(45033, ""))]
)
def test_a_busy_or_broken_server_is_asked_three_times_at_most(
    wecom: SmallWeCom, client: WeComClient, answer: tuple[int, dict[str, object]]
) -> None:
    wecom.plan(STAFF, answer, answer)
    assert client.get(STAFF)["follow_user"]
    wecom.plan(STAFF, *[answer] * 3)
    with pytest.raises(PlatformRefused):
        client.get(STAFF)
    assert wecom.calls[STAFF] == 6


def test_a_call_made_too_often_rests_for_a_minute(
    wecom: SmallWeCom, client: WeComClient, clock: Clock
) -> None:
    wecom.plan(STAFF, (200, error(45009, "api freq out of limit")))
    for _ in range(3):
        with pytest.raises(PlatformRefused, match="45009"):
            client.get(STAFF)
    assert wecom.calls[STAFF] == 1
    clock.now += 61
    assert client.get(STAFF)["follow_user"]


def test_an_address_that_is_not_trusted_is_named(wecom: SmallWeCom, client: WeComClient) -> None:
    said = "not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info at …"
    wecom.plan("/cgi-bin/gettoken", (200, error(60020, said)))
    with pytest.raises(PlatformRefused) as refused:
        client.get(STAFF)
    assert refused.value.caller == "203.0.113.7"


def test_every_code_of_the_table_is_used_once_and_says_what_it_is_about() -> None:
    table = meanings("wecom")
    assert all(one.about for one in table.values())
    assert table[42001].then is Then.RENEW


def test_contacts_of_all_employees_come_page_by_page_as_one_person_each(directory: Directory) -> None:
    assert [sorted(page) for page in directory.followers()] == [[ANN, CAT, BOB]]
    ann, cat = directory.people([ANN, CAT])
    assert (ann.name, ann.scene, ann.came_by) == ("安", "q:window", "3")
    assert ann.follow_dates == (moment(DAY), moment(3 * DAY))
    assert cat.facts == {}
    assert directory.habits().list_is_whole
    assert directory.habits().tells_ways


def test_who_is_not_listed_is_asked_for_and_a_stranger_follows_not(
    wecom: SmallWeCom, directory: Directory
) -> None:
    wecom.unlicensed.append("wu")
    assert [sorted(page) for page in directory.followers()] == [[ANN, BOB]]
    assert not directory.habits().list_is_whole
    cat, stranger = directory.people([CAT, "wmNobody"])
    assert (cat.follows, cat.name, stranger.follows) == (True, "猫", False)


def test_gender_and_union_id_are_told_where_the_platform_tells_them(
    wecom: SmallWeCom, directory: Directory
) -> None:
    wecom.meet(BOB, "Bob", gender=1, unionid="oU-bob")
    (bob,) = directory.people([BOB])
    assert (bob.union_id, bob.facts) == ("oU-bob", {"gender": "male"})


def test_a_tag_is_made_put_on_once_and_taken_off_by_everybody(
    wecom: SmallWeCom, directory: Directory
) -> None:
    number = directory.set_tag("VIP", "VIP", [ANN, CAT, "wmNobody"], wanted=True)
    assert wecom.tags == {number: "VIP"}
    assert [sorted(one.tags) for one in (wecom.staff["wu"][ANN], wecom.staff["li"][ANN])] == [[number], []]
    wecom.staff["li"][ANN].tags.add(number)
    assert directory.set_tag(number, "VIP", [ANN], wanted=True) == number
    assert directory.set_tag("VIP", "VIP", [ANN], wanted=False) == number
    assert [sorted(one.tags) for one in (wecom.staff["wu"][ANN], wecom.staff["li"][ANN])] == [[], []]
    assert list(directory.tags()) == [PlatformTag(number, "VIP")]
    assert list(directory.tagged(number)) == [CAT]
    assert directory.set_tag("never made", "never made", [ANN], wanted=False) == "never made"


def test_groups_have_names_dates_and_only_members_from_outside(
    wecom: SmallWeCom, directory: Directory
) -> None:
    member = {
        "userid": ANN,
        "type": 2,
        "join_time": 5 * DAY,
        "join_scene": 3,
        "name": "安",
        "unionid": "oU-a",
    }
    for number in range(3):
        wecom.open_group("li", f"wr{number}", f"群{number}", DAY, member)
    found = {group.id: group for group in directory.groups(["wr-gone", "wr1"])}
    assert sorted(found) == ["wr-gone", "wr0", "wr1", "wr2"]
    assert not found["wr-gone"].is_open
    assert (found["wr1"].name, found["wr1"].opened_at) == ("群1", moment(DAY))
    assert found["wr1"].members == (Member(ANN, moment(5 * DAY), "安", "oU-a"),)


def test_a_list_that_runs_in_a_circle_is_refused(wecom: SmallWeCom, directory: Directory) -> None:
    page = {"errcode": 0, "external_contact_list": [], "next_cursor": "2"}
    wecom.plan(LIST, (200, page), (200, page))
    with pytest.raises(Refused, match="circle"):
        list(directory.followers())


def test_an_account_without_its_secret_and_another_machine_are_refused() -> None:
    with pytest.raises(Refused, match="setting_missing: secret"):
        open_directory("wecom", {"corp_id": CORP}, Way())
    given = {"corp_id": CORP, "secret": SECRET, "api_address": "http://203.0.113.1"}
    with pytest.raises(Refused, match="setting_unfit"):
        open_directory("wecom", given, Way())


def test_a_patient_reading_sits_out_a_rest_and_then_gives_up(wecom: SmallWeCom, clock: Clock) -> None:
    def wait(seconds: float) -> None:
        clock.now += seconds

    with WeComClient(CORP, SECRET, Way(wecom.address, clock=clock, pause=wait, patience=2)) as patient:
        began = clock.now
        wecom.plan(STAFF, *[(200, error(45009, "api freq out of limit"))] * 2)
        assert patient.get(STAFF)["follow_user"] == ["li", "wu", "idle"]
        assert clock.now - began == 120
        wecom.plan(STAFF, *[(200, error(45009, "api freq out of limit"))] * 3)
        with pytest.raises(PlatformRefused) as refused:
            patient.get(STAFF)
        assert (refused.value.errcode, refused.value.is_for_haste) == (45009, True)
        wecom.plan(STAFF, (200, error(60020, "not allow to access from your ip, from ip: 203.0.113.9")))
        clock.now += 60
        calls = wecom.calls[STAFF]
        with pytest.raises(PlatformRefused):
            patient.get(STAFF)
        assert wecom.calls[STAFF] == calls + 1
