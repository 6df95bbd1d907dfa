"""The console in a real browser: nothing is refused by its own content policy, nothing is wider than a phone."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from running import Serving, guanxi, nobody_left

from guanxi.console.shell import SECTIONS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "tea-in-the-morning"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served brand with somebody who may come in."""
    folder = tmp_path_factory.mktemp("browser") / "house"
    serving = Serving(folder)
    with nobody_left(folder):
        guanxi(folder, "demo", "--once", "--fans", "800", seconds=240)
        guanxi(folder, "user", "mei", GUANXI_PASSWORD=PASSWORD)
        serving.start()
        yield serving.web
        serving.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A logged-in page that keeps what the browser complained about."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda m: m.type in ("error", "warning") and page.complaints.append(m.text))  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.goto("/login/")
    page.fill("[name=username]", "mei")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.act")
    page.wait_for_url("**/")
    yield page
    context.close()


def _hrefs(page: Page) -> list[str]:
    count = sum(len(section.entries) for section in SECTIONS)
    found = page.eval_on_selector_all("[data-go]", "links => links.map(link => link.getAttribute('href'))")
    assert len(found) == count
    return [str(href) for href in found]


def test_no_page_complains_and_none_is_wider_than_a_phone(page: Page) -> None:
    widths = {}
    for href in _hrefs(page):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(href)
        page.wait_for_load_state("networkidle")
        page.set_viewport_size({"width": 390, "height": 844})
        widths[href] = page.evaluate("document.documentElement.scrollWidth")
    assert {href: width for href, width in widths.items() if width != 390} == {}
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_list_narrows_while_one_types_and_a_row_opens_beside_it(page: Page) -> None:
    page.goto("/people/fans/")
    before = page.inner_text(".sheet-foot")
    page.keyboard.press("/")
    page.keyboard.type("Lily")
    page.wait_for_function(
        "before => document.querySelector('.sheet-foot')?.innerText !== before", arg=before
    )
    assert "q=Lily" in page.url
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("j")
    name = page.inner_text("tr.cursor td.first")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.drawer[open] h1")
    assert name in page.inner_text("dialog.drawer h1")
    page.keyboard.press("Escape")
    assert page.locator("dialog.drawer[open]").count() == 0
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_decision_in_the_drawer_stays_there_and_the_list_beside_it_shows_it(page: Page) -> None:
    page.goto("/influence/ambassadors/")
    row = page.locator("#list tbody tr").nth(1)
    name, href = row.locator("td.first").inner_text(), row.get_attribute("data-href")
    row.click(position={"x": 4, "y": 8})
    page.wait_for_selector("dialog.drawer[open] h1")
    page.fill("dialog.drawer [name=reason]", "works for a rival")
    page.click("dialog.drawer form:has([name=reason]) button")
    page.wait_for_selector("dialog.drawer .told")
    assert name in page.inner_text("dialog.drawer h1")
    assert page.url.endswith("/influence/ambassadors/")
    beside = f"#list tr[data-href='{href}'].cursor"
    page.wait_for_selector(beside)
    assert "declined" in page.inner_text(beside)
    page.click("dialog.drawer form[action$='reconsider/'] button")
    page.wait_for_selector("dialog.drawer form[action$='approve/']")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_chart_is_drawn_and_says_the_same_as_its_table(page: Page) -> None:
    page.goto("/people/customers/")
    page.wait_for_selector("[data-chart] canvas")
    page.click(".chart-rows summary")
    assert page.locator(".chart-rows tbody tr").count() > 2


def test_dark_stays_dark_on_the_next_page(page: Page) -> None:
    page.click("[data-theme-to=dark]")
    page.goto("/people/fans/")
    assert page.get_attribute("html", "data-theme") == "dark"
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert colour == "rgb(20, 17, 13)"


def test_the_language_is_one_click_away(page: Page) -> None:
    page.goto("/people/fans/?sort=-daily")
    page.click("button[value=zh-hans]")
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert "sort=-daily" in page.url
    assert "粉丝" in page.inner_text("nav")


WEIGHTIEST = "[id=weightiest] tbody tr:first-child td.first a"


def _map(page: Page) -> None:
    page.goto("/influence/map/")
    page.wait_for_selector(".map-note", state="detached")
    page.wait_for_function("() => document.querySelector('[data-map-ties]').width > 300")


def _colour_at(page: Page, x: float, y: float) -> tuple[int, ...]:
    """Red, green and blue of a spot: the first pixel of a PNG stands in it whatever its row's filter."""
    png = page.screenshot(clip={"x": x, "y": y, "width": 2, "height": 2})
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start])
    return tuple(zlib.decompressobj().decompress(png[start + 4 : start + 4 + length])[1:4])


def test_a_map_of_few_ties_stands_on_the_ground_of_the_page(page: Page) -> None:
    _map(page)
    page.wait_for_timeout(500)
    box = page.locator(".map-plot").bounding_box()
    assert box is not None
    assert min(_colour_at(page, box["x"] + box["width"] / 2, box["y"] + 6)) > 240


def _fan_with_a_cascade(page: Page) -> str:
    """The number of the weightiest fan on the map, out of the table beside it."""
    page.goto("/influence/map/")
    return str(page.get_attribute(WEIGHTIEST, "href")).strip("/").split("/")[-1]


def test_a_fan_is_found_on_the_map_and_their_ripples_spread_hop_by_hop(page: Page) -> None:
    fan = _fan_with_a_cascade(page)
    _map(page)
    page.fill("[data-map-seek]", fan)
    page.locator("[data-map-found] button:not([disabled])").first.click()
    page.wait_for_selector("[data-map-card]:not([hidden])")
    assert int(page.inner_text("[data-card=moves]")) > 0
    page.click("[data-card=ripples]")
    page.wait_for_selector("[data-card=hops] > div")
    assert page.inner_text("[data-card=hops] > div:first-child dd") == page.inner_text("[data-card=moves]")
    assert page.get_attribute("[data-card=table]", "href") == f"/influence/map/{fan}/"
    page.keyboard.press("Escape")
    assert page.locator("[data-map-card]").is_hidden()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_circle_of_a_fan_is_drawn_by_how_alike_people_are(page: Page) -> None:
    fan = _fan_with_a_cascade(page)
    page.goto(f"/influence/map/?fan={fan}")
    page.wait_for_selector("[data-map-card]:not([hidden])")
    ties = int(page.inner_text("[data-card=moves]")) + int(page.inner_text("[data-card=movedBy]"))
    page.click("[data-card=ring]")
    page.wait_for_selector("[data-card=circle]:not([hidden])")
    alike = [int(one) for one in page.locator("[data-alike]").all_inner_texts()]
    assert 0 < sum(alike) <= ties
    assert page.inner_text("[data-card=told]") != ""
    assert page.get_attribute("[data-card=around]", "href") == f"/people/fans/{fan}/circle/"
    page.click("[data-card=ripples]")
    page.wait_for_selector("[data-card=hops] > div")
    assert page.locator("[data-card=circle]").is_hidden()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_replay_runs_to_the_last_step_and_says_the_day(page: Page) -> None:
    fan = _fan_with_a_cascade(page)
    page.goto(f"/influence/map/?fan={fan}")
    page.wait_for_selector("[data-map-card]:not([hidden])")
    page.click("[data-card=replay]")
    page.wait_for_selector("[data-map-replay]:not([hidden])")
    page.select_option("[data-replay=speed]", "4")
    first = page.inner_text("[data-replay=day]")
    page.wait_for_function(
        "() => !document.querySelector('[data-replay=count]').textContent.startsWith('0 ')"
    )
    page.wait_for_function(
        "() => document.querySelector('[data-replay=play]').getAttribute('aria-pressed') === 'false'",
        timeout=60_000,
    )
    assert page.input_value("[data-replay=time]") == "1000"
    came, of = page.inner_text("[data-replay=count]").split(" / ")
    assert came == of
    assert first <= page.inner_text("[data-replay=day]")
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_map_pans_with_a_thumb_and_with_keys(browser: Browser, address: str, page: Page) -> None:
    state = page.context.storage_state()
    phone = browser.new_context(
        base_url=address,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        storage_state=state,
    )
    hand = phone.new_page()
    _map(hand)
    plot = hand.locator(".map-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = plot.screenshot()
    touch = phone.new_cdp_session(hand)
    for kind, moved in (("touchStart", 0), ("touchMove", 40), ("touchMove", 90), ("touchEnd", None)):
        points = [] if moved is None else [{"x": x + moved, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    hand.wait_for_timeout(500)
    panned = plot.screenshot()
    assert panned != before
    plot.focus()
    hand.keyboard.press("+")
    hand.wait_for_timeout(500)
    assert plot.screenshot() != panned
    phone.close()
