"""Photographs the console of a demonstration in Debian's chromium, where `guanxi demo` has played.

    python docs/screenshots.py DATA                 the README's pictures, into docs/images
    python docs/screenshots.py DATA --all FOLDER    every page that can be reached, in both languages, wide and narrow

The tour follows links from the navigation, one page of each shape, opens drawers, and says what looks wrong by
rule: refused or failing pages, complaints of the browser, pages wider than their screen, cut text, English words
on Chinese pages.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
README_PAGES = {"today": "/", "ambassadors": "/influence/ambassadors/"}
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
LOCALES = {"en": "en-US", "zh": "zh-CN"}
PAGES_MAX = 120
NAME_MAX = 120
STARTS = ("/", "/act/calendar/?month=2027-02", "/people/fans/?window=recent")
EMPTY = ("/people/fans/?q=nobody-has-this-name", "/people/fans/999999999/")
_LEAVE = re.compile(r"/(logout|static|i18n|admin|api|login)/|export=|graph/|[?&](sort|page|cols)=")

FINDINGS = """() => {
  const found = [], wide = document.documentElement.scrollWidth, screen = window.innerWidth;
  const seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
  if (wide > screen + 1) found.push(`wider than its screen: ${wide}`);
  for (const e of document.querySelectorAll("h1,h2,h3,th,td,dt,dd,a,button,label,span,p,li,figcaption,summary")) {
    if (!seen(e) || e.closest(".sr, [hidden], svg, pre, dialog:not([open])")) continue;
    const style = getComputedStyle(e), text = e.textContent.trim().slice(0, 40);
    if (style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && style.textOverflow === "ellipsis")
      found.push(`cut: ${text}`);
    const box = e.getBoundingClientRect();
    if (e.matches("a, button, input, select, summary") && (box.right > screen + 1 || box.left < -1) && box.width > 1
        && !e.closest(".sheet-scroll, .rail, .scrolls, nav, details:not([open]) > :not(summary)"))
      found.push(`out of reach: ${text}`);
  }
  return [...new Set(found)].slice(0, 12);
}"""
LATIN = """() => {
  const found = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (e.closest("script,style,kbd,code,pre,select[name=language],[lang=en],textarea,.language") ) continue;
    const text = walk.currentNode.data.trim();
    if (/[A-Za-z]{3,}/.test(text) && !/[\\u4e00-\\u9fff]/.test(text) && e.getClientRects().length) found.add(text);
  }
  return [...found].slice(0, 40);
}"""


def main() -> None:
    """The pictures are taken, and what looks wrong by rule is said."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--all", type=Path, metavar="FOLDER", help="photograph every page into this folder")
    asked.add_argument("--dark", action="store_true", help="in dark colours")
    asked.add_argument("--only", default="", help="only addresses that contain this")
    asked.add_argument("--sizes", nargs="*", default=[*SIZES], choices=[*SIZES])
    asked.add_argument("--locales", nargs="*", default=[*LOCALES], choices=[*LOCALES])
    wish = asked.parse_args()
    password = json.loads((wish.data / "demo.json").read_text())["password"]
    with served(wish.data) as address, sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"],
        )
        if wish.all:
            tour(browser, address, password, wish)
        else:
            readme(browser, address, password)
        browser.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The installation is served while its pictures are taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "guanxi.cli", "serve", "--data", str(folder), "--port", str(port)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        child.terminate()
        child.wait(60)


def readme(browser: Browser, address: str, password: str) -> None:
    """The README's pictures are in docs/images."""
    IMAGES.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1440, "height": 1120})
    _enter(page, address, password)
    for name, path in README_PAGES.items():
        _open(page, address + path)
        page.wait_for_timeout(800)
        page.screenshot(path=IMAGES / f"{name}.png")


def tour(browser: Browser, address: str, password: str, wish: argparse.Namespace) -> None:
    """Every page is photographed in every wished language and size."""
    wish.all.mkdir(parents=True, exist_ok=True)
    places: list[str] = []
    for locale in wish.locales:
        for size in wish.sizes:
            width, height = SIZES[size]
            context = browser.new_context(
                locale=LOCALES[locale],
                viewport={"width": width, "height": height},
                color_scheme="dark" if wish.dark else "light",
            )
            page = context.new_page()
            complaints: list[str] = []
            page.on("console", lambda m, to=complaints: m.type == "error" and to.append(m.text))
            page.on("pageerror", lambda error, to=complaints: to.append(str(error)))
            _open(page, f"{address}/login/")
            page.screenshot(path=wish.all / f"login-{size}-{locale}.png")
            _enter(page, address, password)
            places = places or list(_places(page, address, wish.only))
            for path in places:
                complaints.clear()
                _photograph(page, address, path, wish.all / f"{_name(path)}-{size}-{locale}", complaints)
            context.close()
    (wish.all / "places.txt").write_text("".join(f"{_name(path)}\t{path}\n" for path in places))


def _places(page: Page, address: str, only: str) -> Iterator[str]:
    """One address of each shape that can be reached by links, breadth first."""
    waiting, shapes = [*STARTS], set[str]()
    while waiting and len(shapes) < PAGES_MAX:
        path = waiting.pop(0)
        if _shape(path) in shapes:
            continue
        shapes.add(_shape(path))
        if only in path:
            yield path
        page.goto(address + path)
        found = page.eval_on_selector_all(
            "a[href], tr[data-href], [data-chart]",
            """all => all.flatMap((e) => e.dataset.chart
                ? JSON.parse(document.getElementById(e.dataset.chart).textContent).series.flatMap((s) => s.hrefs)
                : [e.getAttribute("href") || e.dataset.href]).filter(Boolean)
                .map((to) => new URL(to, location.href).href)""",
        )
        inside = (urlsplit(href) for href in found if href.startswith(address))
        links = (f"{one.path}?{one.query}" if one.query else one.path for one in inside)
        waiting += [link for link in links if not _LEAVE.search(link)]
    yield from (path for path in EMPTY if only in path)


def _shape(path: str) -> str:
    """An address without what differs from row to row."""
    parts = urlsplit(path)
    names = sorted({name for name, value in parse_qsl(parts.query)})
    return re.sub(r"\d+", "N", parts.path) + "?" + ",".join(names)


def _photograph(page: Page, address: str, path: str, target: Path, complaints: list[str]) -> None:
    status = _open(page, address + path)
    found = [*page.evaluate(FINDINGS), *complaints]
    if status >= 400 and path not in EMPTY:
        found.append(f"answers {status}")
    if target.name.endswith("zh"):
        found += [f"no Chinese: {text}" for text in page.evaluate(LATIN)]
    page.screenshot(path=target.with_suffix(".png"), full_page=True)
    first = page.locator("tr[data-href]").first
    if "wide" in target.name and not urlsplit(path).query and first.count():
        first.click(position={"x": 4, "y": 8})
        page.wait_for_timeout(700)
        page.screenshot(path=target.parent / f"{target.name}-drawer.png")
    for finding in found:
        print(f"{target.name}: {finding}")


def _open(page: Page, url: str) -> int:
    answer = page.goto(url, wait_until="load")
    with contextlib.suppress(Exception):
        page.wait_for_load_state("networkidle", timeout=4000)
    page.wait_for_timeout(250)
    return answer.status if answer else 0


def _name(path: str) -> str:
    """A file's name, short enough for any folder."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path.replace("=", "")).strip("-")[:NAME_MAX] or "today"


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/login/", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"nothing answers at {address}")


def _enter(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", "demo")
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
