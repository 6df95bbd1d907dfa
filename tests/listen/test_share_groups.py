"""Openings that come in one group are judged as if each had come alone, in the same order."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sharing import BRAND, SPRING

from guanxi.listen.parcel import unpack
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.arrivals import Arrival, arrive
from guanxi.listen.shares.book import Book, Sheet
from guanxi.listen.shares.marks import mark_key, read_token
from guanxi.listen.shares.memory import Coming, touch
from guanxi.listen.shares.tokens import Wanted, offer
from guanxi.listen.shares.trials import Lot, Trial
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, conninfo, raw
from guanxi.records.installation import Installation

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = ("ann", "ben", "~a", "~b", "~c")
KEPT = ("share_opening", "share_touch", "share_view", "share_arm")


@pytest.fixture
def house_with_links(house: Installation) -> tuple[int, list[int]]:
    """A page, the brand's mark, Ann's and Ben's, one that nobody made and one of another page."""
    pepper = Installation.current().secrets.pepper
    root, other = (
        read_token(mark_key(pepper), make_share_link(SYSTEM, BRAND, content, address, NOW))
        for content, address in (("spring", SPRING), ("autumn", "https://brand.example/autumn"))
    )
    assert root is not None
    assert other is not None
    (page,) = raw(SOCIAL).execute("SELECT page FROM share_token WHERE mark = %s", (root,)).fetchone() or (0,)
    raw(SOCIAL).execute(
        "INSERT INTO share_trial (platform, account, content, percent, begun_at) VALUES (%s, %s, 'spring', 50, %s)",
        (*(BRAND.platform, BRAND.account), NOW),
    )
    touch(raw(SOCIAL), [(page, who, NOW) for who in ("ann", "ben")])
    marks = iter(range(1, 99))
    owned = offer(
        raw(SOCIAL), [Wanted(page, who, f"~{who[0]}", NOW) for who in ("ann", "ben")], lambda: next(marks)
    )
    return page, [root, *(mark for ways in owned for mark in ways.values()), 4_711, other]


comings = st.lists(
    st.tuples(
        st.integers(-1, 8),
        st.sampled_from(PEOPLE),
        st.sampled_from(("", "~a", "~b", "~c", "~d")),
        st.sampled_from((None, b"net1", b"net2")),
        st.booleans(),
        st.integers(0, 900),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


@given(comings, st.lists(st.integers(1, 9), min_size=1, max_size=9))
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_group_is_judged_as_if_each_had_come_alone(
    house_with_links: tuple[int, list[int]], people: list[Any], sizes: list[int]
) -> None:
    page, marks = house_with_links
    arrivals = [_arrival(page, marks, number, one) for number, one in enumerate(people)]
    alone = _came(arrivals, [1])
    assert _came(arrivals, [len(arrivals)]) == alone
    assert _came(arrivals, sizes) == alone


def test_whoever_leaves_in_the_group_in_which_they_came_came_first(house: Installation) -> None:
    order: list[str] = []

    def came(sheet: Sheet, wishes: Sequence[str]) -> Sequence[str]:
        order.extend(wishes)
        return wishes

    def left(sheet: Sheet, wishes: Sequence[str]) -> Sequence[str]:
        order.extend(wishes)
        return wishes

    async def hurried() -> list[str]:
        book = Book()
        return await asyncio.gather(
            book.write(left, "ann left", ends=True),
            book.write(came, "ben came"),
            book.write(left, "ben left", ends=True),
        )

    assert asyncio.run(hurried()) == ["ann left", "ben came", "ben left"]
    assert order == ["ben came", "ann left", "ben left"]


def _arrival(page: int, marks: list[int], number: int, one: tuple[Any, ...]) -> Arrival:
    mark, viewer, device, net, is_snapshot, seconds, is_handed = one
    device = viewer if viewer.startswith("~") else device or "~x"
    is_invented = is_snapshot and seconds % 5 == 0
    at = NOW + timedelta(seconds=seconds)
    through = None if mark < 0 else marks[mark]
    coming = Coming(page, through, viewer, device, net, is_invented, f"token {mark}", at)
    lot = None if is_invented else Lot(Trial(1, 50), viewer, viewer > "b", at)
    return Arrival(coming, number.to_bytes(16, "big"), None, is_handed, lot)


def _came(arrivals: list[Arrival], sizes: list[int]) -> Any:
    """What became of them in groups of these sizes, over and over; nothing of it stays."""
    with psycopg.connect(conninfo(SOCIAL)) as connection:
        invited: list[bool] = []
        tallies: Counter[Any] = Counter()
        turn = 0
        while len(invited) < len(arrivals):
            group = arrivals[len(invited) : len(invited) + sizes[turn % len(sizes)]]
            sheet, turn = Sheet(connection), turn + 1
            invited += arrive(sheet, group)
            tallies += sheet.tallies
            sheet.close()
        rows = connection.execute(
            "SELECT body FROM inbox WHERE source = 'pages' ORDER BY xid, seq"
        ).fetchall()
        told = unpack([body for (body,) in rows]).to_pylist() if rows else []
        found = [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in KEPT]
        connection.rollback()
    return invited, tallies, sorted(told, key=lambda row: str(row["key"])), found


def test_a_viewer_who_comes_by_two_doors_at_once_is_counted_once(
    house_with_links: tuple[int, list[int]],
) -> None:
    page, marks = house_with_links
    with psycopg.connect(conninfo(SOCIAL)) as first, psycopg.connect(conninfo(SOCIAL)) as second:
        one, other = (Sheet(connection) for connection in (first, second))
        arrive(one, [_arrival(page, marks, 1, (1, "~z", "", None, False, 1, False))])
        later = threading.Thread(
            target=arrive, args=(other, [_arrival(page, marks, 2, (4, "~z", "", None, False, 2, False))])
        )
        later.start()
        later.join(0.3)
        waited = later.is_alive()
        first.commit()
        later.join()
        second.commit()
    assert waited
    verdicts = [sheet.tallies for sheet in (one, other)]
    assert [{tally.verdict.value for tally in found} for found in verdicts] == [
        {"arrived", "counted"},
        {"arrived", "later"},
    ]
