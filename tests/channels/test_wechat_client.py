"""The WeChat client against a running fake: tokens, errors, and what listening asks of the API."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from guanxi.channels.calling import Way
from guanxi.channels.errors import PlatformRefused, Then, meaning_of, meanings
from guanxi.channels.port import Failure
from guanxi.channels.tokens import MemoryStore
from guanxi.channels.wechat import followers, pictures, program, tags, web
from guanxi.channels.wechat.client import WeChatClient
from guanxi.channels.wechat.fake import api_people
from guanxi.channels.wechat.fake.chaos import ALWAYS, Switch
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account, Person
from guanxi.channels.wechat.signing import js_signature
from guanxi.vocabulary.reasons import Refused


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    server = FakeWeChat(answer_seconds=0.5)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def account(fake: FakeWeChat) -> Account:
    return fake.world.open_account()


@pytest.fixture
def client(fake: FakeWeChat, account: Account) -> Iterator[WeChatClient]:
    with opened(fake, account) as client:
        yield client


def opened(fake: FakeWeChat, account: Account, store: MemoryStore | None = None) -> WeChatClient:
    way = Way(fake.address, store or MemoryStore(), clock=fake.world.clock, pause=lambda _: None)
    return WeChatClient(account.app_id, account.secret, way)


def token_calls(fake: FakeWeChat) -> int:
    return fake.api.lending.calls.get("/cgi-bin/stable_token", 0)


def a_follower(fake: FakeWeChat, account: Account) -> Person:
    person = fake.world.meet(account, "小林", union_id="oU1", phone="13800138000")
    People(fake.world, fake.courier, account).follow(person)
    return person


def at_once(fake: FakeWeChat, client: WeChatClient, account: Account, calls: int) -> list[object]:
    person = a_follower(fake, account)
    gate = threading.Barrier(calls)

    def ask() -> object:
        gate.wait()
        try:
            return followers.follower(client, person.openid).follows
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(calls) as pool:
        return [each.result() for each in [pool.submit(ask) for _ in range(calls)]]


def test_twenty_calls_with_an_expired_token_ask_for_one_token(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    client.get("/cgi-bin/tags/get")
    assert token_calls(fake) == 1
    fake.world.clock.jump(7300)
    assert at_once(fake, client, account, 20) == [True] * 20
    assert token_calls(fake) == 2


def test_twenty_calls_with_a_token_that_another_system_replaced_ask_for_one_token(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    client.get("/cgi-bin/tags/get")
    fake.api.lending.rotate(account)
    assert at_once(fake, client, account, 20) == [True] * 20
    assert token_calls(fake) == 2


def test_a_token_that_is_always_refused_bars_the_account_after_two_token_calls(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    fake.world.chaos.arm(Switch.TOKEN_REFUSED, ALWAYS)
    answers = at_once(fake, client, account, 20)
    assert all(isinstance(answer, Refused) for answer in answers)
    assert token_calls(fake) <= 2
    with pytest.raises(Refused, match="account_barred: 40001"):
        client.get("/cgi-bin/tags/get")
    assert token_calls(fake) <= 2


def test_a_bar_holds_for_every_client_and_falls_when_the_settings_change(
    fake: FakeWeChat, account: Account
) -> None:
    store = MemoryStore()
    right, account.secret = account.secret, "changed" * 4
    wrong = WeChatClient(account.app_id, right, Way(fake.address, store))
    with pytest.raises(PlatformRefused) as refused:
        wrong.get("/cgi-bin/tags/get")
    assert refused.value.errcode == 40125
    asked = token_calls(fake)
    again = WeChatClient(account.app_id, right, Way(fake.address, store))
    with pytest.raises(Refused, match="account_barred"):
        again.get("/cgi-bin/tags/get")
    assert token_calls(fake) == asked
    assert opened(fake, account, store).get("/cgi-bin/tags/get") == {"tags": []}


def test_an_address_that_is_not_allowed_is_named_and_asked_again_after_a_minute(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    account.allowed_addresses = frozenset({"203.0.113.9"})
    with pytest.raises(PlatformRefused) as refused:
        client.get("/cgi-bin/tags/get")
    assert (refused.value.errcode, refused.value.caller) == (40164, "127.0.0.1")
    assert refused.value.rid
    with pytest.raises(Refused, match="account_barred"):
        client.get("/cgi-bin/tags/get")
    account.allowed_addresses = frozenset()
    fake.world.clock.jump(61)
    assert client.get("/cgi-bin/tags/get") == {"tags": []}


def test_a_used_up_quota_rests_until_midnight_in_shanghai(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    account.limits["/cgi-bin/user/get"] = 1
    list(followers.follower_pages(client))
    for _ in range(3):
        with pytest.raises(PlatformRefused) as refused:
            client.get("/cgi-bin/user/get")
        assert refused.value.errcode == 45009
    assert fake.api.lending.calls["/cgi-bin/user/get"] == 2
    client.get("/cgi-bin/tags/get")
    fake.world.clock.jump(86_400)
    client.get("/cgi-bin/user/get", next_openid="")


def test_a_busy_system_is_asked_three_times_at_most(fake: FakeWeChat, client: WeChatClient) -> None:
    fake.world.chaos.arm(Switch.BUSY, 2)
    assert client.get("/cgi-bin/tags/get") == {"tags": []}
    fake.world.chaos.arm(Switch.BUSY, ALWAYS)
    with pytest.raises(PlatformRefused) as refused:
        client.get("/cgi-bin/tags/get")
    assert refused.value.meaning.failure is Failure.TRANSIENT
    assert fake.world.chaos.armed()["busy"] == ALWAYS - 3


def test_a_broken_server_is_asked_again(fake: FakeWeChat, client: WeChatClient) -> None:
    fake.world.chaos.arm(Switch.BAD_GATEWAY, 2)
    assert client.get("/cgi-bin/tags/get") == {"tags": []}
    fake.world.chaos.arm(Switch.BAD_GATEWAY, ALWAYS)
    with pytest.raises(Refused, match="platform_refused: 502"):
        client.get("/cgi-bin/tags/get")


def test_an_answer_that_is_none_is_refused_as_unreadable(fake: FakeWeChat, client: WeChatClient) -> None:
    client.get("/cgi-bin/tags/get")
    fake.world.chaos.arm(Switch.CUT)
    with pytest.raises(Refused, match="platform_unreadable"):
        client.get("/cgi-bin/tags/get")


def test_a_slow_answer_is_read_whole(fake: FakeWeChat, client: WeChatClient) -> None:
    fake.world.chaos.arm(Switch.SLOW, 2)
    assert client.get("/cgi-bin/tags/get") == {"tags": []}


def test_no_error_and_no_log_names_a_token_or_a_secret(
    fake: FakeWeChat, client: WeChatClient, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.get("/cgi-bin/tags/get")
    token = client.store.read("access_token").value
    said = [caplog.text, repr(client.store.read("access_token"))]
    fake.stop()
    with pytest.raises(Refused) as refused:
        client.get("/cgi-bin/tags/get")
    said.append(f"{refused.value} {refused.value.__cause__} {refused.value.__context__!r}")
    assert token
    assert all(token not in text and account.secret not in text for text in said)


@pytest.mark.parametrize(
    ("errcode", "failure", "then"),
    [
        (-1, Failure.TRANSIENT, Then.RETRY),
        (40014, Failure.ACCOUNT, Then.RENEW),
        (40003, Failure.CONTACT, Then.NOTHING),
        (40013, Failure.ACCOUNT, Then.BAR),
        (40163, Failure.CONTACT, Then.NOTHING),
        (43004, Failure.CONTACT, Then.NOTHING),
        (43101, Failure.CONTACT, Then.NOTHING),
        (45009, Failure.TRANSIENT, Then.REST_DAY),
        (45011, Failure.TRANSIENT, Then.REST_MINUTE),
        (45015, Failure.CONTACT, Then.NOTHING),
        (45065, None, Then.NOTHING),
        (48001, Failure.ACCOUNT, Then.NOTHING),
        (47003, Failure.MESSAGE, Then.NOTHING),
        (99999, None, Then.NOTHING),
    ],
)
def test_an_error_code_says_whose_failure_it_is_and_what_follows(
    errcode: int, failure: Failure | None, then: Then
) -> None:
    meaning = meaning_of("wechat", errcode)
    assert (meaning.failure, meaning.then) == (failure, then)
    assert bool(meaning.about) == (errcode in meanings("wechat"))


def test_followers_come_page_by_page_until_there_are_no_more(
    fake: FakeWeChat, client: WeChatClient, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_people, "PAGE", 3)
    openids = [a_follower(fake, account).openid for _ in range(7)]
    fake.world.meet(account, "never followed")
    found = list(followers.follower_pages(client))
    assert [len(page) for page in found] == [3, 3, 1]
    assert [openid for page in found for openid in page] == openids


def test_a_follower_is_told_without_a_name_and_somebody_else_without_anything(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    stranger = fake.world.meet(account, "nobody yet", union_id="oU2")
    scanned = fake.world.meet(account, "阿May", union_id="oU3")
    People(fake.world, fake.courier, account).follow(scanned, "q:abc")
    known, unknown = followers.followers(client, [scanned.openid, stranger.openid])
    assert (known.union_id, known.scene, known.came_by) == ("oU3", "q:abc", "ADD_SCENE_QR_CODE")
    assert known.followed_at is not None
    assert unknown == followers.Follower(stranger.openid, follows=False)


def test_tags_are_made_given_and_read_back(fake: FakeWeChat, client: WeChatClient, account: Account) -> None:
    openids = [a_follower(fake, account).openid for _ in range(60)]
    tag = tags.create_tag(client, "老顾客")
    tags.tag_followers(client, tag.id, openids)
    tags.untag_followers(client, tag.id, openids[:10])
    assert tags.tags(client) == (tags.AccountTag(tag.id, "老顾客", 50),)
    assert list(tags.tagged(client, tag.id)) == openids[10:]


def test_a_picture_lasts_as_long_as_it_was_made_for(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    brief, lasting = (pictures.make_picture(client, "q:1", n) for n in (3600, None))
    assert brief.seconds == 3600
    assert lasting.seconds is None
    assert [account.pictures[one.ticket]["until"] is None for one in (brief, lasting)] == [False, True]
    with pytest.raises(Refused, match="scene_seconds"):
        pictures.make_picture(client, "q:1", 2_592_001)
    with pytest.raises(Refused, match="scene_unfit"):
        pictures.make_picture(client, "x" * 65, None)


def test_a_page_is_signed_with_one_ticket_for_everybody(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    signer, page = web.PageSigner(client), "https://brand.example/a?x=1"
    first, second = signer.sign(page + "#top"), signer.sign(page)
    ticket = client.store.read("jsapi_ticket").value
    assert first.signature == js_signature(ticket, first.nonce, first.timestamp, page)
    assert first.nonce != second.nonce
    assert fake.api.lending.calls["/cgi-bin/ticket/getticket"] == 1


def test_a_code_tells_once_who_looks_and_with_userinfo_their_name(
    fake: FakeWeChat, client: WeChatClient, account: Account
) -> None:
    person = fake.world.meet(account, "小林", union_id="oU1")
    code = fake.world.issue_code(account, person, "snapsi_base")
    assert web.looker(client, code, web.Scope.BASE) == web.Looker(person.openid, False)
    with pytest.raises(PlatformRefused) as used:
        web.looker(client, code, web.Scope.BASE)
    assert used.value.errcode == 40163
    code = fake.world.issue_code(account, person, "snsapi_userinfo")
    assert web.looker(client, code, web.Scope.USERINFO) == web.Looker(person.openid, False, "oU1", "小林")


def test_an_invented_user_is_marked_as_one(fake: FakeWeChat, client: WeChatClient, account: Account) -> None:
    person = fake.world.meet(account, "小林", union_id="oU1")
    code = fake.world.issue_code(account, person, "snsapi_userinfo", is_snapshot=True)
    seen = web.looker(client, code, web.Scope.USERINFO)
    assert seen.is_snapshot
    assert seen.openid != person.openid
    assert seen.union_id == ""


def test_a_mini_program_tells_who_logged_in_and_their_phone(fake: FakeWeChat) -> None:
    account = fake.world.open_account(kind="program")
    person = fake.world.meet(account, "小林", union_id="oU1", phone="13800138000")
    with opened(fake, account) as client:
        code = fake.world.issue_code(account, person, "login")
        assert program.user_of(client, code) == program.ProgramUser(person.openid, "oU1")
        code = fake.world.issue_code(account, person, "phone")
        assert program.phone_of(client, code).written == "+8613800138000"
        with pytest.raises(PlatformRefused) as used:
            program.phone_of(client, code)
        assert used.value.errcode == 40163
