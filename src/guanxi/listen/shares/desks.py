"""The three desks of share links, which write in one book and know one site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from guanxi.listen.calling.wechat import read_wechat_accounts
from guanxi.listen.door.http import Answer, Desk, Request
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.shares.book import Book
from guanxi.listen.shares.link_desk import LinkDesk
from guanxi.listen.shares.page_desk import PageDesk
from guanxi.listen.shares.people import Keys
from guanxi.listen.shares.script_desk import ScriptDesk
from guanxi.listen.shares.site import read_site
from guanxi.records.installation import Installation


def open_share_desks(more: dict[str, Callable[[Request], Awaitable[Answer]]]) -> dict[str, Desk]:
    """The desks of `/s/`, `/g/` and `/guanxi.js`; ``more`` are other addresses under `/g/`, by name."""
    book, site = Book(), Snapshot(read_site)
    keys = Keys.of(Installation.current().secrets.pepper)
    return {
        "s": LinkDesk(book, site, keys, Snapshot(read_wechat_accounts)),
        "g": PageDesk(book, site, keys, more),
        "guanxi.js": ScriptDesk(),
    }
