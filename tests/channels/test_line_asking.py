"""LINE is asked: stateless tokens, statuses as errors, friends, groups, against an API on this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from guanxi.channels.asking import open_directory
from guanxi.channels.calling import Way
from guanxi.channels.directory import Directory, Member, Part, Untold
from guanxi.channels.errors import PlatformRefused
from guanxi.channels.line.client import LineClient
from guanxi.vocabulary.reasons import Refused
from small_line import CHANNEL, FRIENDS, SECRET, SmallLine, group, user
from small_server import asking, running

TOKEN = "/oauth2/v3/token"
LIMITED = (429, {"message": "The API rate limit has been exceeded. Try again later."})


@pytest.fixture
def line() -> Iterator[SmallLine]:
    with running(SmallLine()) as server:
        for number, (name, language) in enumerate((("花子", "ja"), ("Max", "de"), ("Som", ""))):
            server.befriend(number, name, language)
        server.groups[group(1)] = ("春の会", {user(0): "花子", user(9): "ゲスト"})
        yield server


@pytest.fixture
def client(line: SmallLine) -> Iterator[LineClient]:
    with LineClient(CHANNEL, SECRET, "", Way(line.address, pause=lambda _: None)) as client:
        yield client


@pytest.fixture
def directory(line: SmallLine) -> Iterator[Directory]:
    with asking("line", channel_id=CHANNEL, channel_secret=SECRET, api_address=line.address) as found:
        yield found


def test_a_stateless_token_serves_until_it_runs_out(line: SmallLine) -> None:
    now = [1_800_000_000.0]
    with LineClient(CHANNEL, SECRET, "", Way(line.address, clock=lambda: now[0])) as client:
        client.get(FRIENDS)
        client.get(FRIENDS)
        assert line.calls[TOKEN] == 1
        now[0] += 800
        client.get(FRIENDS)
    assert line.calls[TOKEN] == 2


def test_a_long_lived_token_is_used_as_it_was_given_and_barred_when_it_is_wrong(line: SmallLine) -> None:
    line.tokens.append("long-lived")
    with LineClient("", "", "long-lived", Way(line.address)) as client:
        assert client.get(FRIENDS)["userIds"]
    with LineClient("", "", "another", Way(line.address)) as client:
        with pytest.raises(PlatformRefused, match="401"):
            client.get(FRIENDS)
        asked = line.calls[FRIENDS]
        with pytest.raises(Refused, match="account_barred: 401"):
            client.get(FRIENDS)
    assert (line.calls[FRIENDS], line.calls[TOKEN]) == (asked, 0)


def test_a_wrong_secret_is_asked_about_once_and_never_named(
    line: SmallLine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with LineClient(CHANNEL, "a-wrong-secret", "", Way(line.address)) as client:
        with pytest.raises(PlatformRefused, match="401") as refused:
            client.get(FRIENDS)
        with pytest.raises(Refused, match="account_barred"):
            client.get(FRIENDS)
    assert line.calls[TOKEN] == 1
    assert "a-wrong-secret" not in caplog.text + repr(refused.value)


@pytest.mark.parametrize("answer", [LIMITED, (500, {}), (503, {"message": "unavailable"})])
def test_a_limit_or_a_broken_server_is_tried_three_times_at_most(
    line: SmallLine, client: LineClient, answer: tuple[int, dict[str, str]]
) -> None:
    line.plan(FRIENDS, answer, answer)
    assert client.get(FRIENDS)["userIds"]
    line.plan(FRIENDS, *[answer] * 3)
    with pytest.raises(PlatformRefused):
        client.get(FRIENDS)
    assert line.calls[FRIENDS] == 6


def test_friends_come_page_by_page_with_names_and_languages(line: SmallLine, directory: Directory) -> None:
    line.page = 1
    assert [one for page in directory.followers() for one in page] == [user(0), user(1), user(2)]
    told = list(directory.people([user(0), user(2), user(7), "../group/x", ""]))
    assert [(one.name, dict(one.facts), one.follows) for one in told] == [
        ("花子", {"language": "ja"}, True),
        ("Som", {}, True),
        ("", {}, False),
    ]
    assert not directory.habits().list_is_whole


def test_an_account_that_is_not_verified_is_not_told_its_friends_and_that_is_no_error(
    line: SmallLine, directory: Directory
) -> None:
    line.is_verified = False
    with pytest.raises(Untold) as refused:
        list(directory.followers())
    assert refused.value.part is Part.FOLLOWERS
    (found,) = directory.groups([group(1), "g1"])
    assert (found.name, found.kind, found.members) == ("春の会", "group", None)
    assert [one.name for one in directory.people([user(1)])] == ["Max"]


def test_groups_have_names_and_members_and_a_guest_is_named_by_the_group(directory: Directory) -> None:
    found, gone = directory.groups([group(1), group(2)])
    assert (found.name, found.members) == ("春の会", (Member(user(0)), Member(user(9))))
    assert not gone.is_open
    guest, nobody = directory.people([user(9), user(8)])
    assert (guest.name, guest.follows, nobody.name) == ("ゲスト", False, "")


@pytest.mark.parametrize(
    "ask",
    [
        lambda directory: directory.tags(),
        lambda directory: directory.tagged("1"),
        lambda directory: directory.set_tag("VIP", "VIP", [user(1)], True),
    ],
)
def test_line_has_no_tags_and_says_so(directory: Directory, ask: Callable[[Directory], object]) -> None:
    with pytest.raises(Untold, match="line: tags"):
        ask(directory)


def test_an_account_without_channel_id_and_token_is_refused() -> None:
    with pytest.raises(Refused, match="setting_missing: channel_id"):
        open_directory("line", {"channel_secret": SECRET}, Way())
    with pytest.raises(Refused, match="channel_cannot_be_asked"):
        open_directory("telegram", {}, Way())
