"""The desk of share links: `/s/<token>` sends whoever opens one to the stored page, and nowhere else.

Knows marks it has read before and asks the database nothing about a token that was not signed here.
"""

from __future__ import annotations

import secrets

from guanxi.listen.http import Answer, Request, words
from guanxi.listen.shares import openings, people, tokens
from guanxi.listen.shares.book import Book, Sheet, Tally
from guanxi.listen.shares.marks import read_token
from guanxi.listen.shares.openings import Coming
from guanxi.listen.shares.site import HANDED, TOKEN, SharedPage, Site, with_marks
from guanxi.listen.shares.tokens import Token
from guanxi.listen.shares.verdicts import Verdict, seen_by_nobody
from guanxi.listen.snapshot import Snapshot
from guanxi.listen.viewer import set_cookie
from guanxi.records.sealing import NONCE_BYTES

_REMEMBERED_MAX = 50_000
_GONE = words(404, error="no_such_address")


class LinkDesk:
    """Answers `/s/…`.

    Args:
        book: where openings are written.
        site: the stored pages.
        keys: what signs tokens, devices and viewers.
    """

    body_bytes_max = 0

    def __init__(self, book: Book, site: Snapshot[Site], keys: people.Keys) -> None:
        self._book = book
        self._site = site
        self._keys = keys
        self._known: dict[int, Token] = {}

    async def answer(self, request: Request) -> Answer:
        """A redirect to the stored page; the opening is durable by then."""
        if request.method not in ("GET", "HEAD"):
            return words(405, error="get_only")
        written = request.path.removeprefix("/s/")
        mark = read_token(self._keys.token, written)
        site = await self._site.get()
        if mark is None or (mark in self._known and self._known[mark].page not in site.shared):
            return _GONE
        screened = seen_by_nobody(request.method, request.headers)
        device = people.device_of(self._keys.viewer, request, people.Words())
        device = device or people.new_device(secrets.token_bytes(16))

        def entry(sheet: Sheet) -> Token | None:
            return self._note(sheet, site, mark, screened, device, request)

        token = await self._book.write(entry)
        if token is None:
            return _GONE
        self._remember(token)
        page = site.shared[token.page]
        return _redirect(page.address) if screened else self._send(page, written, device, request)

    def _note(
        self, sheet: Sheet, site: Site, mark: int, screened: Verdict | None, device: str, request: Request
    ) -> Token | None:
        token = self._known.get(mark) or tokens.read(sheet.connection, mark)
        if token is None or token.page not in site.shared:
            return None
        at = request.received_at
        if screened is None and not token.has_script:
            openings.open_token(sheet, token, self._coming(token, device, request))
        else:
            verdict = screened or Verdict.REDIRECTED
            sheet.tallies[Tally(token.page, mark, at.date(), verdict)] += 1
        return token

    def _coming(self, token: Token, device: str, request: Request) -> Coming:
        who = people.who_is(self._keys.viewer, request, people.Words(), token.platform, token.account)
        return Coming(
            who.external_id if who else device,
            device,
            people.net_of(self._keys.viewer, request),
            False,
            request.path.removeprefix("/s/"),
            request.received_at,
        )

    def _send(self, page: SharedPage, written: str, device: str, request: Request) -> Answer:
        """The page's script learns the token, and for two minutes who was redirected."""
        word = people.sign_device(self._keys.viewer, device, request.received_at)
        cookie = set_cookie(word, people.DEVICE_LIFE, people.DEVICE_COOKIE, _is_secure(request))
        if not page.has_script:
            return _redirect(page.address, cookie)
        who = people.who_is(self._keys.viewer, request, people.Words(), page.platform, page.account)
        nonce = secrets.token_bytes(NONCE_BYTES)
        handed = people.hand_over(self._keys, people.Handed(device, who), request.received_at, nonce)
        return _redirect(with_marks(page.address, {TOKEN: written, HANDED: handed}), cookie)

    def _remember(self, token: Token) -> None:
        if token.mark not in self._known:
            if len(self._known) >= _REMEMBERED_MAX:
                del self._known[next(iter(self._known))]
            self._known[token.mark] = token


def _redirect(address: str, cookie: str = "") -> Answer:
    headers = [("location", address), ("cache-control", "no-store"), ("referrer-policy", "no-referrer")]
    if cookie:
        headers.append(("set-cookie", cookie))
    return Answer(302, b"", "text/plain; charset=utf-8", tuple(headers))


def _is_secure(request: Request) -> bool:
    return request.headers.get("x-forwarded-proto", "").lower() == "https"
