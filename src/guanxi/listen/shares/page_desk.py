"""The desk that a page's script speaks to: `/g/view`, `/g/child`, `/g/left`; only pages of stored origins may.

What it answers never tells whether an opening counted.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from guanxi.listen.door.http import JSON, Answer, Request, words
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.shares import openings, people, tokens, trials, views
from guanxi.listen.shares.book import Book, Sheet, Tally
from guanxi.listen.shares.marks import read_token, write_token
from guanxi.listen.shares.openings import Coming
from guanxi.listen.shares.site import SharedPage, Site
from guanxi.listen.shares.verdicts import Verdict, seen_by_nobody
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
        view = _view_id(said.view)
        screened = seen_by_nobody(request.method, request.headers)

        def entry(sheet: Sheet) -> bool:
            return self._arrive(sheet, guest, view, screened, request, said)

        invite = await self._book.write(entry)
        return words(200, invite=invite, **self._names(guest, request))

    def _arrive(
        self,
        sheet: Sheet,
        guest: Guest,
        view: bytes,
        screened: Verdict | None,
        request: Request,
        said: Said,
    ) -> bool:
        """The view is written, with what the viewer drew; says whether they are invited to share."""
        at, page = request.received_at, guest.page.page
        token = None if guest.mark is None else tokens.read(sheet.connection, guest.mark)
        if token is not None and token.page != page:
            token = None
        steps = [screened] if screened else [Verdict.ARRIVED]
        if token is not None and guest.handed and not screened:
            steps.append(Verdict.CONFIRMED)
        for step in steps:
            sheet.tallies[Tally(page, token.mark if token else None, at.date(), step)] += 1
        if screened:
            return False
        campaign = token.campaign if token else None
        is_snapshot = guest.handed is not None and guest.handed.is_snapshot
        if token is None:
            openings.touch(sheet, page, guest.viewer, None, at)
        else:
            net = people.net_of(self._keys.viewer, request)
            coming = Coming(guest.viewer, guest.device, net, is_snapshot, said.token, at)
            openings.open_token(sheet, token, coming)
        views.begin(sheet.connection, view, page, guest.viewer, campaign, at)
        return not is_snapshot and trials.draw(
            sheet.connection, self._keys.trial, guest.page.trial, guest.viewer, at
        )

    async def _child(self, request: Request, said: Said, site: Site) -> Answer:
        guest = self._guest(request, said, site)
        now = request.received_at

        def entry(sheet: Sheet) -> dict[str, int]:
            openings.touch(sheet, guest.page.page, guest.viewer, None, now)
            return tokens.offer(
                sheet.connection, guest.page.page, guest.viewer, guest.device, tokens.draw_mark, now
            )

        marks = await self._book.write(entry)
        links = {way: write_token(self._keys.token, mark) for way, mark in marks.items()}
        return words(200, address=guest.page.address, **links, **self._names(guest, request))

    async def _left(self, request: Request, said: Said, site: Site) -> Answer:
        view = _view_id(said.view)

        def entry(sheet: Sheet) -> None:
            page = views.leave(sheet, view, said.seconds)
            if page is not None:
                sheet.tallies[Tally(page, None, request.received_at.date(), Verdict.LEFT)] += 1

        await self._book.write(entry)
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
