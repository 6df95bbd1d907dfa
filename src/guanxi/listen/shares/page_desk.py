"""The desk that a page's script speaks to: `/g/view`, `/g/child`, `/g/left`; only pages of stored origins may.

What it answers never tells whether an opening counted.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from guanxi.listen.door.http import JSON, Answer, Request, words
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.shares import people, tokens, trials, views
from guanxi.listen.shares.arrivals import Arrival, arrive
from guanxi.listen.shares.book import Book, Sheet
from guanxi.listen.shares.marks import read_token, write_token
from guanxi.listen.shares.memory import Coming, touch
from guanxi.listen.shares.site import SharedPage, Site
from guanxi.listen.shares.tokens import Wanted
from guanxi.listen.shares.verdicts import seen_by_nobody
from guanxi.listen.viewers.viewer import Viewer, sign_viewer
from guanxi.vocabulary.reasons import Refused

BODY_BYTES_MAX = 8_192
_VIEW_BYTES = 16


class Said(msgspec.Struct, frozen=True):
    """What the script says; what is missing is empty."""

    page: str = ""
    token: str = ""
    device: str = ""
    who: str = ""
    handed: str = ""
    view: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody at a stored page: who they are there, on which device, and how a redirect handed them over."""

    page: SharedPage
    device: str
    who: Viewer | None
    mark: int | None
    handed: people.Handed | None

    @property
    def viewer(self) -> str:
        """Their external id on the page's account."""
        return self.who.external_id if self.who else self.device


class PageDesk:
    """Answers `/g/…`.

    Args:
        book: where openings and views are written.
        site: the stored pages.
        keys: what signs tokens, devices and viewers.
        more: other addresses under `/g/` that a stored page may ask, by name.
    """

    body_bytes_max = BODY_BYTES_MAX

    def __init__(
        self,
        book: Book,
        site: Snapshot[Site],
        keys: people.Keys,
        more: dict[str, Callable[[Request], Awaitable[Answer]]] | None = None,
    ) -> None:
        self._book = book
        self._site = site
        self._keys = keys
        self._more = more or {}
        self._calls = {"view": self._view, "child": self._child, "left": self._left}

    async def answer(self, request: Request) -> Answer:
        """The script's answer, readable by pages of stored origins only."""
        name = request.path.removeprefix("/g/")
        if name not in self._calls and name not in self._more:
            return words(404, error="no_such_address")
        site = await self._site.get()
        came_from = request.headers.get("origin", "")
        if came_from not in site.origins:
            return words(403, error="page_unknown")
        if request.method == "OPTIONS":
            return _readable(Answer(204), came_from)
        if name in self._more:
            return _readable(await self._more[name](request), came_from)
        if request.method != "POST":
            return _readable(words(405, error="post_only"), came_from)
        return _readable(await self._calls[name](request, _said(request), site), came_from)

    async def _view(self, request: Request, said: Said, site: Site) -> Answer:
        guest = self._guest(request, said, site)
        invite = await self._book.write(arrive, self._arrival(guest, request, said))
        return words(200, invite=invite, **self._names(guest, request))

    def _arrival(self, guest: Guest, request: Request, said: Said) -> Arrival:
        is_snapshot = guest.handed is not None and guest.handed.is_snapshot
        at, page = request.received_at, guest.page
        net = people.net_of(self._keys.viewer, request)
        coming = Coming(page.page, guest.mark, guest.viewer, guest.device, net, is_snapshot, said.token, at)
        lot = None
        if page.trial is not None and not is_snapshot:
            drawn = trials.is_invited(self._keys.trial, page.trial, guest.viewer)
            lot = trials.Lot(page.trial, guest.viewer, drawn, at)
        screened = seen_by_nobody(request.method, request.headers)
        return Arrival(coming, _view_id(said.view), screened, guest.handed is not None, lot)

    async def _child(self, request: Request, said: Said, site: Site) -> Answer:
        guest = self._guest(request, said, site)
        wanted = Wanted(guest.page.page, guest.viewer, guest.device, request.received_at)
        marks = await self._book.write(_offer, wanted)
        links = {way: write_token(self._keys.token, mark) for way, mark in marks.items()}
        return words(200, address=guest.page.address, **links, **self._names(guest, request))

    async def _left(self, request: Request, said: Said, site: Site) -> Answer:
        leaving = views.Leaving(_view_id(said.view), said.seconds, request.received_at)
        await self._book.write(views.leave, leaving, ends=True)
        return Answer(204)

    def _guest(self, request: Request, said: Said, site: Site) -> Guest:
        page = site.page_at(said.page)
        if page is None or not said.page.startswith(request.headers["origin"]):
            raise Refused("page_unknown")
        handed = people.taken_over(self._keys, said.handed, request.received_at)
        heard = people.Words(said.device, said.who, handed)
        device = people.device_of(self._keys.viewer, request, heard)
        return Guest(
            page,
            device or people.new_device(secrets.token_bytes(16)),
            people.who_is(self._keys.viewer, request, heard, page.platform, page.account),
            read_token(self._keys.token, said.token) if said.token else None,
            handed,
        )

    def _names(self, guest: Guest, request: Request) -> dict[str, str]:
        """The signed words by which the page will know its viewer next time."""
        now = request.received_at
        names = {"device": people.sign_device(self._keys.viewer, guest.device, now)}
        if guest.who is not None:
            names["who"] = sign_viewer(self._keys.viewer, guest.who)
        return names


def _offer(sheet: Sheet, wanted: Sequence[Wanted]) -> list[dict[str, int]]:
    """Each viewer's own marks; a visit by which they came without one is written first."""
    touch(sheet.connection, [(one.page, one.owner, one.at) for one in wanted])
    return tokens.offer(sheet.connection, wanted, tokens.draw_mark)


def _said(request: Request) -> Said:
    try:
        return msgspec.json.decode(request.body, type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("body_unreadable", "json") from None


def _view_id(text: str) -> bytes:
    try:
        view = bytes.fromhex(text)
    except ValueError:
        view = b""
    if len(view) != _VIEW_BYTES:
        raise Refused("body_unreadable", "view")
    return view


def _readable(answer: Answer, came_from: str) -> Answer:
    """The answer as a browser lets a page of that origin read it."""
    allowed: list[tuple[str, Any]] = [
        ("access-control-allow-origin", came_from),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-headers", "content-type"),
        ("access-control-allow-methods", "GET, POST"),
        ("access-control-max-age", "600"),
        ("vary", "origin"),
        ("cache-control", "no-store"),
    ]
    return replace(answer, content_type=answer.content_type or JSON, headers=(*answer.headers, *allowed))
