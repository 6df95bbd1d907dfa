"""guanxi.js in a real browser: three people pass a page on, and who moved whom is what the marts then say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from doors import heard, open_door, pages
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from running import until

from guanxi.composition.consumers import hear
from guanxi.influence.refresh import refresh_ties
from guanxi.lake.engine import Engine
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.actions_trials import begin_trial
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.vocabulary.progress import SILENT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.50"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)

# What WeChat's own script gives a page: it stands for the platform here, and keeps what it was told.
WX = """
window.wx = {
  told: {}, config(settings) { this.told.config = settings; }, ready(act) { act(); },
  updateAppMessageShareData(card) { this.told.chat = card; },
  updateTimelineShareData(card) { this.told.timeline = card; },
};
"""
TEA = """<!doctype html><html><head><title>Spring tea</title><meta name="description" content="The first leaves.">
<script>document.addEventListener("guanxi", (event) => { window.links = event.detail; });</script>
<script async src="{door}/guanxi.js" data-wx="own" data-invite-title="A friend pours you tea"></script></head>
<body><h1>Spring tea</h1><button data-guanxi-share>Pass it on</button>
<p data-guanxi-invite hidden>Who would like this tea?</p></body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)


@pytest.fixture(scope="module")
def door(running_house: Installation) -> Iterator[str]:
    with open_door(running_house) as address:
        yield address


@pytest.fixture
def tea(house: Installation, door: str) -> Iterator[tuple[str, str]]:
    """The brand's own link to its page, and the page's address, which is on another origin than the door."""
    found: dict[str, tuple[str, str | bytes]] = {}
    with pages(found) as origin:
        found["/tea"] = ("text/html; charset=utf-8", TEA.replace("{door}", door))
        found["/other"] = found["/tea"]
        place, address = Place("wechat", "brand"), f"{origin}/tea"
        token = make_share_link(SYSTEM, place, "tea", address, datetime.now(UTC), "spring")
        asked = {"origin": origin}
        until(lambda: httpx.options(f"{door}/g/view", headers=asked).status_code == 204, "the stored page")
        yield f"{door}/s/{token}", address


def somebody(browser: Browser, agent: str = WECHAT) -> BrowserContext:
    context = browser.new_context(user_agent=agent)
    if agent == WECHAT:
        context.add_init_script(WX)
    return context


def at_the_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.links")
    return page


def verdicts() -> dict[str, int]:
    rows = raw(SOCIAL).execute("SELECT verdict, sum(n)::int FROM share_verdict GROUP BY verdict").fetchall()
    return dict(rows)


def ties() -> set[tuple[str, str, int]]:
    """Who moved whom how often, as the marts know it after what was heard is digested."""
    hear()
    with Engine() as engine:
        refresh_ties(engine, datetime.now(UTC), SILENT)
        found = engine.ask("SELECT influencer, influenced, successes FROM social.tie").to_pylist()
    fans = dict(raw(SOCIAL).execute("SELECT id, external_id FROM fan").fetchall())
    return {(fans[tie["influencer"]], fans[tie["influenced"]], tie["successes"]) for tie in found}


def test_three_people_pass_a_page_on_and_each_move_counts_once(
    browser: Browser, door: str, tea: tuple[str, str]
) -> None:
    root, _ = tea
    ann, ben, cat = (somebody(browser) for _ in range(3))
    first = at_the_page(ann, root)
    card = first.evaluate("wx.told")
    assert card["chat"]["title"] == "A friend pours you tea"
    assert card["chat"]["desc"] == "The first leaves."
    assert card["chat"]["link"] != card["timeline"]["link"]
    assert urlsplit(card["chat"]["link"]).path == "/tea"

    at_the_page(ann, card["chat"]["link"])
    second = at_the_page(ben, card["chat"]["link"])
    at_the_page(ben, card["chat"]["link"])
    at_the_page(cat, second.evaluate("wx.told.timeline.link"))
    link = card["timeline"]["link"].partition("gx=")[2]
    httpx.get(f"{door}/s/{link}", headers={"user-agent": "TelegramBot (like TwitterBot)"})
    httpx.head(f"{door}/s/{link}", headers={"user-agent": CHROME})
    for context in (ann, ben, cat):
        context.close()

    found = until(lambda: verdicts().get("left", 0) == 5 and verdicts(), "every page to be left", 20)
    assert found["counted"] == 3
    assert {name: found[name] for name in ("self", "repeat", "robot", "looked")} == {
        name: 1 for name in ("self", "repeat", "robot", "looked")
    }
    opened = [(row["actor"], row["through"]) for row in heard(SOCIAL) if row["kind"] == "opened"]
    names = [actor for actor, _ in opened]
    assert opened == [(names[0], None), (names[1], names[0]), (names[2], names[1])]
    viewed = [row for row in heard(SOCIAL) if row["kind"] == "viewed"]
    assert len(viewed) == 5
    assert all(json.loads(str(row["traits"]))["dwell_seconds"] >= 0 for row in viewed)

    assert ties() == {(names[0], names[1], 1), (names[1], names[2], 1)}


def test_outside_wechat_a_button_copies_the_viewers_own_link_and_so_does_the_address_bar(
    browser: Browser, tea: tuple[str, str]
) -> None:
    root, _ = tea
    context = somebody(browser, CHROME)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = at_the_page(context, root)
    assert page.is_visible("[data-guanxi-invite]")
    page.evaluate("navigator.share = undefined")
    page.click("[data-guanxi-share]")
    page.wait_for_selector("[data-guanxi-share=done]")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.evaluate("links.copy") != root
    assert page.url.partition("gx=")[2] == copied.rpartition("/")[2]
    assert "gxh" not in page.url
    other = at_the_page(somebody(browser, CHROME), page.url)
    assert verdicts()["counted"] == 2
    assert other.url != page.url
    page.reload()
    page.wait_for_function("window.links")
    assert verdicts()["self"] == 1


def test_by_lot_some_are_invited_and_the_others_left_alone_and_both_have_links_that_count(
    browser: Browser, door: str, tea: tuple[str, str]
) -> None:
    root, address = tea
    (number,) = raw(SOCIAL).execute("SELECT page FROM shared_page").fetchone() or (0,)
    begin_trial(SYSTEM, int(number), 50, datetime.now(UTC))
    asked, page = {"origin": address.removesuffix("/tea")}, {"page": address, "view": "0" * 32}

    def drawing() -> bool:
        httpx.post(f"{door}/g/view", content=json.dumps(page), headers=asked | {"user-agent": CHROME})
        return bool(raw(SOCIAL).execute("SELECT count(*) FROM share_arm").fetchone() != (0,))

    until(drawing, "the door to know the trial")
    by_arm: dict[bool, list[Page]] = {True: [], False: []}
    for _ in range(40):
        there = at_the_page(somebody(browser), root)
        by_arm[there.evaluate("links.invite")].append(there)
        if all(by_arm.values()):
            break
    for invited, title in ((True, "A friend pours you tea"), (False, "Spring tea")):
        there = by_arm[invited][0]
        assert there.is_visible("[data-guanxi-invite]") is invited
        assert there.is_visible("[data-guanxi-share]")
        assert there.evaluate("wx.told.chat.title") == title
        there.reload()
        there.wait_for_function("window.links")
        assert there.evaluate("links.invite") is invited
        counted = verdicts()["counted"]
        at_the_page(somebody(browser), there.evaluate("wx.told.chat.link"))
        assert verdicts()["counted"] == counted + 1
    drawn = raw(SOCIAL).execute("SELECT DISTINCT invited FROM share_arm").fetchall()
    assert {invited for (invited,) in drawn} == {True, False}


def test_a_page_that_was_not_stored_tells_nothing_and_still_works(
    browser: Browser, tea: tuple[str, str]
) -> None:
    page = somebody(browser, CHROME).new_page()
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    page.goto(tea[1].replace("/tea", "/other"))
    until(lambda: page.evaluate("1") and warned, "the refusal")
    assert verdicts() == {}
    assert page.inner_text("h1") == "Spring tea"
    assert not page.is_visible("[data-guanxi-invite]")
