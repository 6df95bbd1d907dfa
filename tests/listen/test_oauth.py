"""Viewers show who they are through WeChat; mini-programs log in, bind phones and report; pages are signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechat_brand import NOW, SPRING, Brand, heard, open_brand, visit

from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.signing import js_signature
from guanxi.channels.wechat.web import STATE_BYTES_MAX, Scope
from guanxi.listen.calling.lent import LentTokens
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.viewers.mini_reports import mark_of, seal_key, sharer_of
from guanxi.listen.viewers.oauth import NONCE_COOKIE
from guanxi.listen.viewers.oauth_state import State, read_state, sign_state, state_key
from guanxi.listen.viewers.pages import allow_page, page_address, pages, withdraw_page
from guanxi.listen.viewers.viewer import COOKIE, LIFE, Viewer, cookie_of, read_viewer, sign_viewer, viewer_key
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.vocabulary.reasons import Refused


def viewer_in(browser: httpx.AsyncClient) -> Viewer | None:
    key = viewer_key(Installation.current().secrets.pepper)
    return read_viewer(key, browser.cookies.get(COOKIE) or "", datetime.now(UTC))


def test_a_viewer_is_asked_silently_and_comes_to_the_stored_page_with_a_signed_cookie(
    brand: Brand, page: int
) -> None:
    person = brand.meet()

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        begun = await browser.get(f"/oauth/wechat/brand?to={page}")
        assert "scope=snsapi_base" in begun.headers["location"]
        assert begun.headers["location"].startswith(brand.fake.address)
        back = await browser.get(brand.authorized(begun.headers["location"], person))
        assert (back.status_code, back.headers["location"]) == (302, SPRING)
        seen = viewer_in(browser)
        assert seen is not None
        assert (seen.platform, seen.account, seen.external_id) == ("wechat", "brand", person.openid)
        cookies = [value for name, value in back.headers.multi_items() if name == "set-cookie"]
        assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)

    visit(at_the_door)
    assert heard() == []


def test_a_name_is_asked_for_only_after_a_tap_and_becomes_evidence(brand: Brand, page: int) -> None:
    person = brand.meet()

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        asked = await browser.get(f"/oauth/wechat/brand?to={page}&scope=userinfo")
        assert asked.status_code == 200
        assert "form" in asked.text
        assert brand.fake.address not in asked.text
        tapped = await browser.post(f"/oauth/wechat/brand?to={page}&scope=userinfo")
        assert "scope=snsapi_userinfo" in tapped.headers["location"]
        back = await browser.get(brand.authorized(tapped.headers["location"], person))
        assert back.headers["location"] == SPRING

    visit(at_the_door)
    (row,) = heard()
    assert (row["kind"], row["actor"], row["account"]) == ("identified", person.openid, "brand")
    assert json.loads(row["traits"])["union_id"] == person.union_id
    assert json.loads(row["traits"])["name"] == "小林"


def test_an_invented_user_sees_the_page_and_becomes_nobody(brand: Brand, page: int) -> None:
    brand.fake.world.chaos.arm(Switch.SNAPSHOT)
    person = brand.meet()

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        begun = await browser.post(f"/oauth/wechat/brand?to={page}&scope=userinfo")
        back = await browser.get(brand.authorized(begun.headers["location"], person))
        assert back.headers["location"] == SPRING
        assert viewer_in(browser) is None

    visit(at_the_door)
    assert heard() == []
    reasons = raw(SOCIAL).execute("SELECT reason, raw FROM quarantine").fetchall()
    assert reasons == [("snapshot_viewer", "")]


def test_nobody_is_sent_to_an_address_that_was_not_stored_or_was_withdrawn(brand: Brand, page: int) -> None:
    person = brand.meet()

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        for to in ("https://evil.example/", "999", "", "-1"):
            answer = await browser.get("/oauth/wechat/brand", params={"to": to})
            assert (answer.status_code, answer.json()["error"]) == (400, "no_such_page")
        begun = await browser.get(f"/oauth/wechat/brand?to={page}")
        assert begun.status_code == 302
        back = brand.authorized(begun.headers["location"], person)
        assert (await browser.get(back.replace("/brand/", "/other/"))).status_code == 404

    visit(at_the_door)
    withdraw_page(SYSTEM, page, NOW)

    async def later(browser: httpx.AsyncClient) -> None:
        assert (await browser.get(f"/oauth/wechat/brand?to={page}")).status_code == 400

    visit(later)


def test_a_state_of_another_browser_or_a_used_code_opens_nothing(brand: Brand, page: int) -> None:
    person = brand.meet()

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        begun = await browser.get(f"/oauth/wechat/brand?to={page}")
        back = brand.authorized(begun.headers["location"], person)
        nonce = browser.cookies[NONCE_COOKIE]
        browser.cookies.clear()
        assert (await browser.get(back)).json()["error"] == "state_unknown"
        browser.cookies.set(NONCE_COOKIE, nonce)
        assert (await browser.get(back)).status_code == 302
        browser.cookies.clear()
        browser.cookies.set(NONCE_COOKIE, nonce)
        again = await browser.get(back)
        assert (again.status_code, again.json()["error"]) == (400, "platform_refused")

    visit(at_the_door)


def test_who_says_no_to_wechat_still_sees_the_page(brand: Brand, page: int) -> None:
    async def at_the_door(browser: httpx.AsyncClient) -> None:
        begun = await browser.get(f"/oauth/wechat/brand?to={page}")
        state = httpx.URL(begun.headers["location"]).params["state"]
        back = await browser.get(f"/oauth/wechat/brand/back?state={state}")
        assert back.headers["location"] == SPRING

    visit(at_the_door)


@pytest.mark.parametrize("account", ["brand", "别的"])
def test_a_state_is_short_enough_and_good_for_its_account_and_ten_minutes(account: str) -> None:
    key = state_key(b"p")
    state = State(2**40, Scope.USERINFO, b"12345678", NOW)
    written = sign_state(key, account, state)
    assert written.isalnum()
    assert len(written) <= STATE_BYTES_MAX
    assert read_state(key, account, written, NOW + timedelta(minutes=9)) == state
    assert read_state(key, account, written, NOW + timedelta(minutes=11)) is None
    assert read_state(key, "third", written, NOW) is None


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=200), place=st.integers(0, 80))
def test_an_altered_or_invented_word_names_nobody(text: str, place: int) -> None:
    key = viewer_key(b"p")
    word = sign_viewer(key, Viewer("wechat", "brand", "o1", NOW))
    assert read_viewer(key, text, NOW) is None
    assert read_state(key, "brand", text, NOW) is None
    assert sharer_of(seal_key(b"p"), "mini", text) is None
    altered = word[:place] + chr(97 + (ord(word[place % len(word)]) - 96) % 26) + word[place + 1 :]
    seen = read_viewer(key, altered, NOW)
    assert seen is None or seen.external_id == "o1"
    assert read_viewer(key, word, NOW + LIFE + timedelta(seconds=1)) is None


def test_a_cookie_is_found_among_others() -> None:
    assert cookie_of("a=1; guanxi_viewer=x=y; b=2") == "x=y"
    assert cookie_of("") == ""


@pytest.mark.parametrize(
    "written",
    [
        *("http://brand.example/", "javascript:alert(1)", "//brand.example", "https://u@brand.example/", ""),
        *("https://brand.example\\@evil.example/", "https:///x", "https://brand.example/a b", "x" * 2000),
        *("https://[::1", "ftp://brand.example/", "https://brand.example/\n"[:-1] + "\x00"),
    ],
)
def test_only_a_plain_https_address_is_a_page(written: str) -> None:
    with pytest.raises(Refused, match="page_address_unfit"):
        page_address(written)


def test_pages_are_allowed_by_who_may_change_settings_and_said_once(house: Installation) -> None:
    first = allow_page(SYSTEM, SPRING + "#top", NOW)
    assert allow_page(SYSTEM, SPRING, NOW) == first
    withdraw_page(SYSTEM, first, NOW)
    assert pages(SYSTEM) == ()
    assert allow_page(SYSTEM, SPRING, NOW) == first
    assert [row.address for row in pages(SYSTEM)] == [SPRING]
    marketer = Actor(1, "m", frozenset({Role.MARKETER}))
    with pytest.raises(Refused, match="not_permitted"):
        allow_page(marketer, SPRING, NOW)
    verbs = raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id").fetchall()
    assert [verb for (verb,) in verbs] == ["page_allowed", "page_allowed", "page_withdrawn", "page_allowed"]


def test_a_stored_page_is_signed_for_wechat_as_the_browser_names_it(brand: Brand) -> None:
    make_share_link(SYSTEM, Place("wechat", "brand"), "spring", SPRING, NOW)
    shown = f"{SPRING}?from=singlemessage"

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        origin = {"origin": "https://brand.example"}
        answer = await browser.get("/g/wx-signature", params={"url": shown}, headers=origin)
        told = answer.json()
        ticket = LentTokens("wechat", "brand").read("jsapi_ticket").value
        assert told["appId"] == brand.account.app_id
        assert told["signature"] == js_signature(ticket, told["nonceStr"], told["timestamp"], shown)
        for wrong in ("https://brand.example/other", "https://evil.example/spring", ""):
            answer = await browser.get("/g/wx-signature", params={"url": wrong}, headers=origin)
            assert (answer.status_code, answer.json()["error"]) == (400, "no_such_page")

    visit(at_the_door)


@pytest.fixture
def program(house: Installation, fake: FakeWeChat) -> Brand:
    return open_brand(fake, "mini", kind="program")


async def logged_in(browser: httpx.AsyncClient, program: Brand, name: str) -> tuple[str, str, str]:
    person = program.meet(name)
    answer = await browser.post("/mini/wechat/mini/login", json={"code": program.code(person, "login")})
    assert answer.status_code == 200, answer.text
    return person.openid, answer.json()["session"], answer.json()["mark"]


def test_a_login_and_a_bound_phone_are_evidence_for_links(program: Brand) -> None:
    async def in_the_program(browser: httpx.AsyncClient) -> None:
        openid, session, _ = await logged_in(browser, program, "小林")
        code = program.code(program.account.people[openid], "phone")
        bound = await browser.post("/mini/wechat/mini/phone", json={"session": session, "code": code})
        assert bound.json() == {"bound": True}
        again = await browser.post("/mini/wechat/mini/phone", json={"session": session, "code": code})
        assert again.status_code == 400
        forged = await browser.post("/mini/wechat/mini/phone", json={"session": "x" + session, "code": code})
        assert forged.json()["error"] == "session_unknown"

    visit(in_the_program)
    told = [json.loads(row["traits"]) for row in heard()]
    assert [row["kind"] for row in heard()] == ["identified"] * 2
    assert told[0]["union_id"] == "oU小林"
    assert told[1]["phone"] == "+8613800138000"
    assert told[1]["source"] == "mini-program phone"


def test_a_card_counts_when_somebody_else_opens_it_and_is_told_once(program: Brand) -> None:
    people: dict[str, str] = {}

    async def in_the_program(browser: httpx.AsyncClient) -> None:
        sharer, own_session, mark = await logged_in(browser, program, "小林")
        reader, session, _ = await logged_in(browser, program, "阿May")
        people.update(sharer=sharer, reader=reader)
        page = {"kind": "page", "page": "pages/spring", "mark": mark, "seconds": 7, "ago": 3.5}
        share = {"kind": "share", "page": "pages/spring", "id": "s1"}
        report = "/mini/wechat/mini/report"
        for who, reports in (
            (own_session, [share, {**page, "id": "own"}]),
            (session, [{**page, "id": "p1"}]),
            (session, [{**page, "id": "p1"}, {**page, "id": "p2", "mark": "forged"}]),
        ):
            answer = await browser.post(report, json={"session": who, "reports": reports})
            assert answer.status_code == 200, answer.text

    visit(in_the_program)
    sharer, reader = people["sharer"], people["reader"]
    told = [(row["kind"], row["actor"], row["through"]) for row in heard() if row["kind"] != "identified"]
    assert told == [
        ("clicked", sharer, None),
        ("viewed", sharer, None),
        ("viewed", reader, None),
        ("opened", reader, sharer),
        ("shared", sharer, None),
        ("viewed", reader, None),
    ]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "body_unreadable"),
        (b"[]", "body_unreadable"),
        (b"{}", "session_unknown"),
        (b'{"session":1}', "body_unreadable"),
        (b'{"reports":[{"kind":"bomb","id":"1","page":"p"}]}', "body_unreadable"),
    ],
)
def test_what_no_script_of_ours_would_send_is_refused(program: Brand, body: bytes, error: str) -> None:
    async def in_the_program(browser: httpx.AsyncClient) -> None:
        answer = await browser.post("/mini/wechat/mini/report", content=body)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert (await browser.get("/mini/wechat/mini/report")).status_code == 405
        assert (await browser.post("/mini/wechat/mini/other", content=b"{}")).status_code == 404

    visit(in_the_program)


def test_a_mark_is_good_for_its_account_only() -> None:
    key = seal_key(b"p")
    assert sharer_of(key, "mini", mark_of(key, "mini", "o1")) == "o1"
    assert sharer_of(key, "other", mark_of(key, "mini", "o1")) is None
    assert "o1" not in mark_of(key, "mini", "o1")
