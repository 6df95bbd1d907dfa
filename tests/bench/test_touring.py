"""The tour of a console opens one address of each shape, and every choice its lists offer."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
PAGES = {
    "/": '<a href="/fans/">fans</a> <a href="/logout/">out</a> <a href="https://elsewhere.example/fans/x/">away</a>',
    "/fans/": """<form method="get"><input type="hidden" name="sort" value="-daily"><input type="search" name="q">
        <select name="platform"><option value="">All</option><option value="line">LINE</option>
        <option value="web">Web</option><option value="wechat">WeChat</option></select></form>
        <form method="post" action="/fans/lock/"><input name="text"></form>
        <a href="?sort=name">name</a> <a href="?sort=-day">day</a> <a href="?page=2">next</a>
        <a href="?export=csv">CSV</a>
        <a href="/fans/1/">one</a> <a href="/fans/2/">two</a> <div data-fan="/fans/0/"></div>""",
    "/fans/1/": '<a href="#top">up</a> <div hx-get="/fans/1/why/"></div>',
    "/fans/?sort=name": '<a href="?sort=name&amp;page=2">next</a> <a href="/fans/late/">late</a>',
}


@pytest.fixture
def touring(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.syspath_prepend(str(BENCH))
    import load.touring

    yield load.touring
    for name in ("load.touring", "load"):
        sys.modules.pop(name, None)


def opened(touring) -> list[str]:
    return list(touring.toured(lambda path: PAGES.get(path, "<p></p>").encode(), ["/"]))


def test_every_order_choice_and_page_of_a_list_is_opened_once(touring) -> None:
    assert [path for path in opened(touring) if path.startswith("/fans/?")] == [
        "/fans/?sort=-daily&q=Li",
        "/fans/?sort=-daily&platform=line",
        "/fans/?sort=-daily&platform=wechat",
        "/fans/?sort=name",
        "/fans/?sort=-day",
        "/fans/?page=2",
    ]


def test_one_of_each_shape_stands_for_all_and_nothing_is_changed_left_or_written_to_a_file(touring) -> None:
    assert [path for path in opened(touring) if not path.startswith("/fans/?")] == [
        "/",
        "/fans/",
        "/fans/1/",
        "/fans/late/",
        "/fans/1/why/",
    ]
