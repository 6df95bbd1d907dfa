"""The fake WeChat keeps WeChat's rules: tokens and quotas, windows and permits, pushes and their repeats."""

from __future__ import annotations

import json
import time

import httpx
import pytest
from asking_fake import read, token, told
from telling_hook import Hook

from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.courier import Delivery
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account, Person
from guanxi.channels.wechat.signing import decrypt, encrypt, is_signed, signature
from guanxi.vocabulary.reasons import Refused


def sent(fake: FakeWeChat, account: Account, person: Person, text: str = "您好") -> int:
    words = {"touser": person.openid, "msgtype": "text", "text": {"content": text}}
    return int(told(fake, account, "/cgi-bin/message/custom/send", words)["errcode"])


def test_the_plain_way_gives_a_new_token_each_time_and_the_old_one_lives_five_minutes(
    fake: FakeWeChat, account: Account
) -> None:
    query = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    first, second = (
        httpx.get(f"{fake.address}/cgi-bin/token", params=query).json()["access_token"] for _ in "ab"
    )
    assert first != second

    def code(word: str) -> int:
        query = {"access_token": word}
        return int(httpx.get(f"{fake.address}/cgi-bin/tags/get", params=query).json().get("errcode", 0))

    assert (code(first), code(second), code(""), code("none")) == (0, 0, 41001, 40001)
    fake.world.clock.jump(301)
    assert (code(first), code(second)) == (42001, 0)
    fake.world.clock.jump(7200)
    assert code(second) == 42001


def test_the_stable_way_gives_the_same_token_until_five_minutes_before_its_end(
    fake: FakeWeChat, account: Account
) -> None:
    first = token(fake, account)
    fake.world.clock.jump(6890)
    assert token(fake, account) == first
    fake.world.clock.jump(20)
    assert token(fake, account) != first


def test_a_forced_token_comes_at_most_every_thirty_seconds(fake: FakeWeChat, account: Account) -> None:
    def forced() -> int:
        found = fake.api.lending.stable_token(account.app_id, account.secret, "127.0.0.1", force=True)
        return len(str(found["access_token"]))

    assert forced() > 100
    with pytest.raises(Exception, match="quota"):
        forced()
    fake.world.clock.jump(31)
    assert forced() > 100


def test_a_quota_can_be_cleared_ten_times_a_month(fake: FakeWeChat, account: Account) -> None:
    account.limits["/cgi-bin/tags/get"] = 1
    codes = []
    for _ in range(11):
        told(fake, account, "/cgi-bin/tags/get")
        assert told(fake, account, "/cgi-bin/tags/get")["errcode"] == 45009
        codes.append(told(fake, account, "/cgi-bin/clear_quota", {"appid": account.app_id})["errcode"])
        account.counters.pop(("/cgi-bin/tags/get", fake.world.today()), None)
    assert codes == [0] * 10 + [48006]


def test_an_account_of_another_sort_may_not_make_every_call(fake: FakeWeChat) -> None:
    account = fake.world.open_account(kind="subscription")
    answer = told(fake, account, "/cgi-bin/qrcode/create", {"action_name": "QR_STR_SCENE"})
    assert answer["errcode"] == 48001
    assert "rid: " in answer["errmsg"]


def test_bodies_with_escaped_characters_are_refused(fake: FakeWeChat, account: Account) -> None:
    query = {"access_token": token(fake, account)}
    body = json.dumps({"tag": {"name": "老"}}).encode()
    answer = httpx.post(f"{fake.address}/cgi-bin/tags/create", params=query, content=body)
    assert answer.json()["errcode"] == 40033


def test_a_message_opens_a_window_of_five_for_two_days(
    fake: FakeWeChat, account: Account, people: People, person: Person
) -> None:
    assert sent(fake, account, person) == 43004
    people.follow(person)
    assert [sent(fake, account, person) for _ in range(4)] == [0, 0, 0, 45047]
    people.say(person, "你好")
    assert [sent(fake, account, person) for _ in range(6)] == [0] * 5 + [45047]
    people.say(person, "再问")
    fake.world.clock.jump(48 * 3600 + 1)
    assert sent(fake, account, person) == 45015
    people.click(person, "menu")
    assert sent(fake, account, person) == 0
    people.block(person)
    assert sent(fake, account, person) == 48002
    assert sent(fake, account, Person("oNobody")) == 40003


def test_budgets_do_not_add_up_and_the_later_deadline_holds(
    fake: FakeWeChat, account: Account, people: People, person: Person
) -> None:
    people.follow(person)
    people.say(person, "a")
    assert sent(fake, account, person) == 0
    people.click(person, "menu")
    assert person.sends_left == 4
    assert person.sends_until - fake.world.clock() > 40 * 3600


def test_a_notice_needs_a_permit_and_uses_it_up(
    fake: FakeWeChat, account: Account, people: People, person: Person
) -> None:
    words = {"touser": person.openid, "template_id": "order_sent", "data": {}}
    path = "/cgi-bin/message/subscribe/bizsend"
    assert told(fake, account, path, words)["errcode"] == 43101
    people.permit(person, "order_sent")
    assert told(fake, account, path, words)["errcode"] == 0
    assert told(fake, account, path, words)["errcode"] == 43101
    fake.courier.settle()
    assert fake.courier.deliveries[-1].notice["Event"] == "subscribe_msg_sent_event"


def test_a_template_message_is_told_to_have_arrived_or_not(
    fake: FakeWeChat, account: Account, people: People, person: Person
) -> None:
    people.follow(person)
    path, words = "/cgi-bin/message/template/send", {"touser": person.openid, "template_id": "order_sent"}
    good = {**words, "data": {"thing1": {"value": "已发货"}}, "client_msg_id": "m1"}
    assert told(fake, account, path, {**good, "template_id": "none"})["errcode"] == 40037
    assert told(fake, account, path, {**words, "data": {"thing1": {"value": "长" * 21}}})["errcode"] == 47003
    first, again = (told(fake, account, path, good)["msgid"] for _ in "ab")
    assert first == again
    person.blocks = True
    told(fake, account, path, {**good, "client_msg_id": "m2"})
    fake.courier.settle()
    said = [d.notice.get("Status") for d in fake.courier.deliveries if "Status" in d.notice]
    assert sorted(said) == ["failed:user block", "success"]


def test_everybody_gets_at_most_four_mass_messages_a_month(
    fake: FakeWeChat, account: Account, people: People
) -> None:
    both = [fake.world.meet(account, name) for name in ("a", "b")]
    for one in both:
        people.follow(one)
    path = "/cgi-bin/message/mass/send"
    words = {"touser": [one.openid for one in both], "msgtype": "text"}
    assert told(fake, account, path, {**words, "touser": [both[0].openid]})["errcode"] == 40130
    for number in range(5):
        told(fake, account, path, {**words, "clientmsgid": f"c{number}"})
    repeated = told(fake, account, path, {**words, "clientmsgid": "c4"})
    fake.world.clock.jump(61)
    assert (repeated["errcode"], told(fake, account, path, {**words, "clientmsgid": "c4"})["errcode"]) == (
        45066,
        45065,
    )
    fake.courier.settle()
    ends = [d.notice for d in fake.courier.deliveries if d.notice["Event"] == "MASSSENDJOBFINISH"]
    assert sorted(end["SentCount"] for end in ends) == [0, 2, 2, 2, 2]


def test_saving_the_hook_asks_for_our_own_words_back(fake: FakeWeChat, account: Account, hook: Hook) -> None:
    assert fake.courier.verify(account)
    query, _ = hook.heard[-1]
    assert is_signed(query["signature"], account.token, query["timestamp"], query["nonce"])
    account.hook = "http://127.0.0.1:9/"
    assert not fake.courier.verify(account)


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_a_push_is_written_sealed_and_signed_as_the_account_wants_it(
    account: Account, people: People, person: Person, hook: Hook, mode: str, form: str
) -> None:
    account.mode, account.format = mode, form
    people.say(person, "你好 <b> ]]>")
    query, body = hook.heard[-1]
    assert is_signed(query["signature"], account.token, query["timestamp"], query["nonce"])
    outer = read(body, form)
    if mode != "plain":
        signed = (account.token, query["timestamp"], query["nonce"], outer["Encrypt"])
        assert is_signed(query["msg_signature"], *signed)
        inner = read(decrypt(account.aes_key, outer["Encrypt"], account.app_id), form)
        assert inner["Content"] == "你好 <b> ]]>"
    assert ("Content" in outer) == (mode != "safe")
    assert query["openid"] == person.openid


def reply(account: Account, person: Person, text: str, nonce: str, **wrong: str) -> bytes:
    inner = (
        f"<xml><ToUserName>{person.openid}</ToUserName><FromUserName>{account.original_id}</FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>{text}</Content></xml>"
    ).encode()
    sealed = encrypt(account.aes_key, inner, wrong.get("tail", account.app_id), b"0" * 16)
    signed = wrong.get("signature") or signature(account.token, "1", nonce, sealed)
    return (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signed}</MsgSignature><TimeStamp>1</TimeStamp>"
        f"<Nonce>{nonce}</Nonce></xml>"
    ).encode()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({}, ""),
        ({"tail": "wx0"}, "the reply cannot be opened: message_for_another"),
        ({"signature": "0" * 40}, "the reply is signed wrongly"),
    ],
)
def test_a_sealed_reply_is_opened_and_checked(
    account: Account, people: People, person: Person, hook: Hook, wrong: dict[str, str], fault: str
) -> None:
    hook.answer = lambda query, body: (200, reply(account, person, "欢迎", query["nonce"], **wrong))
    delivery = people.follow(person)
    assert delivery.fault == fault
    assert delivery.error_banner == bool(fault)
    assert delivery.reply.get("content") == (None if fault else "欢迎")


@pytest.mark.parametrize("said", [b"success", b""])
def test_silence_is_an_answer(people: People, person: Person, hook: Hook, said: bytes) -> None:
    hook.answer = lambda query, body: (200, said)
    delivery = people.say(person, "x")
    assert (delivery.attempts, delivery.error_banner) == ([200], False)


@pytest.mark.parametrize("said", [b'{"ok":true}', b"<html>", b"<xml><MsgType>text</MsgType></xml>"])
def test_a_garbled_answer_shows_the_user_a_banner(
    people: People, person: Person, hook: Hook, said: bytes
) -> None:
    hook.answer = lambda query, body: (200, said)
    assert people.say(person, "x").error_banner


@pytest.mark.parametrize("tries", [3, 4])
def test_a_hook_that_fails_or_is_late_is_tried_again_with_the_same_message(
    account: Account, people: People, person: Person, hook: Hook, tries: int
) -> None:
    account.deliveries_max, account.mode = tries, "plain"
    hook.answer = lambda query, body: (500, b"") if len(hook.heard) % 2 else _late()
    delivery = people.say(person, "x")
    assert len(delivery.attempts) == tries
    assert set(delivery.attempts) == {500, 0}
    assert delivery.error_banner
    time.sleep(0.3)
    assert len({body for _, body in hook.heard}) == 1


def _late() -> tuple[int, bytes]:
    time.sleep(0.5)
    return 200, b"success"


def test_pushes_can_be_wrong_in_every_way_that_is_armed(
    fake: FakeWeChat, account: Account, people: People, person: Person, hook: Hook
) -> None:
    fake.world.chaos.arm(Switch.SIGNATURE)
    people.say(person, "x")
    query, _ = hook.heard[-1]
    assert not is_signed(query["signature"], account.token, query["timestamp"], query["nonce"])
    fake.world.chaos.arm(Switch.TAIL)
    people.say(person, "x")
    with pytest.raises(Refused, match="message_for_another"):
        decrypt(account.aes_key, read(hook.heard[-1][1], "xml")["Encrypt"], account.app_id)
    fake.world.chaos.arm(Switch.TWICE)
    before = len(hook.heard)
    people.say(person, "x")
    assert len(hook.heard) == before + 2
    account.mode, account.format = "plain", "json"
    fake.world.chaos.arm(Switch.TEXT_NUMBERS)
    people.say(person, "x")
    assert isinstance(json.loads(hook.heard[-1][1])["MsgId"], str)


def test_revoking_names_the_user_beside_the_platform(
    account: Account, people: People, person: Person, hook: Hook
) -> None:
    account.mode = "plain"
    people.revoke(person, "205")
    fields = read(hook.heard[-1][1], "xml")
    assert fields["FromUserName"] != person.openid
    assert (fields["OpenID"], fields["RevokeInfo"], fields["AppID"]) == (person.openid, "205", account.app_id)


def test_people_can_be_played_over_http(
    fake: FakeWeChat, account: Account, person: Person, hook: Hook
) -> None:
    done = httpx.post(f"{fake.address}/fake/follow", data={"openid": person.openid, "words": "q:1"})
    assert done.status_code == 303
    state = httpx.get(f"{fake.address}/fake/state").json()
    assert state["deliveries"][0]["notice"]["EventKey"] == "qrscene_q:1"
    assert "小林" in httpx.get(fake.address).text
    assert httpx.post(f"{fake.address}/fake/nonsense", data={"openid": person.openid}).status_code == 404


def test_a_page_sends_its_viewer_back_with_a_code(fake: FakeWeChat, account: Account, person: Person) -> None:
    query = {"appid": account.app_id, "redirect_uri": "https://brand.example/x?a=1", "scope": "snsapi_base"}
    page = f"{fake.address}/connect/oauth2/authorize"
    assert "小林" in httpx.get(page, params=query).text
    back = httpx.get(page, params={**query, "state": "s1", "as": person.openid}).headers["location"]
    assert back.startswith("https://brand.example/x?a=1&code=")
    assert back.endswith("&state=s1")


def deliveries_of(fake: FakeWeChat, person: Person) -> list[Delivery]:
    return [delivery for delivery in fake.courier.deliveries if delivery.openid == person.openid]


def test_what_happens_unheard_is_pushed_to_nobody(fake: FakeWeChat, people: People, person: Person) -> None:
    people.follow_unheard(person)
    people.leave_unheard(person)
    assert deliveries_of(fake, person) == []
