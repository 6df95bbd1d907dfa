"""The desk of share links: `/s/<token>` sends whoever opens one to the stored page, and nowhere else.

Knows marks it has read before and asks the database nothing about a token that was not signed here. Inside WeChat
it first lets WeChat say, without a tap, who looks; that takes one more redirect, once in a month and browser.
"""

from __future__ import annotations

import secrets
from urllib.parse import quote, urlencode

from guanxi.listen.door.http import Answer, Request, words
from guanxi.listen.door.outside import is_secure
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.shares import openings, people, tokens
from guanxi.listen.shares.book import Book, Sheet, Tally
from guanxi.listen.shares.marks import read_token
from guanxi.listen.shares.openings import Coming
from guanxi.listen.shares.site import HANDED, TOKEN, SharedPage, Site, with_marks
from guanxi.listen.shares.tokens import Token
from guanxi.listen.shares.verdicts import Verdict, seen_by_nobody
from guanxi.listen.viewers.viewer import cookie_of, set_cookie
from guanxi.records.accounts import OpenAccount
from guanxi.records.sealing import NONCE_BYTES
from guanxi.vocabulary.platform import Platform

_REMEMBERED_MAX = 50_000
_IN_WECHAT = "micromessenger"
_GONE = words(404, error="no_such_address")


class LinkDesk:
    """Answers `/s/…`.

    Args:
        book: where openings are written.
        site: the stored pages.
        keys: what signs tokens, devices and viewers.
        wechat: the brand's accounts on WeChat, by name.
    """

    body_bytes_max = 0

    def __init__(
        self,
        book: Book,
        site: Snapshot[Site],
        keys: people.Keys,
        wechat: Snapshot[dict[str, OpenAccount]],
    ) -> None:
        self._book = book
        self._site = site
        self._keys = keys
        self._wechat = wechat
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
        if not screened and (asking := await self._asking_wechat(site, mark, written, request)):
            return asking
        device = people.device_of(self._keys.viewer, request, people.Words())
        device = device or people.new_device(secrets.token_bytes(16))

        def entry(sheet: Sheet) -> Token | None:
            return self._note(sheet, site, mark, screened, device, request)

        token = await self._book.write(entry)
        if token is None:
            return _GONE
        page = site.shared[token.page]
        return _redirect(page.address) if screened else self._send(page, written, device, request)

    async def _asking_wechat(self, site: Site, mark: int, written: str, request: Request) -> Answer | None:
        """The way to WeChat for somebody whom only it can name, if it was not asked a moment ago."""
        if _IN_WECHAT not in request.headers.get("user-agent", "").lower():
            return None
        token = self._known.get(mark) or await self._book.write(lambda sheet: self._read(sheet, mark))
        if token is None or token.platform != Platform.WECHAT or token.page not in site.shared:
            return None
        asked = cookie_of(request.headers.get("cookie", ""), people.ASKED_COOKIE)
        account = (await self._wechat.get()).get(token.account)
        if asked or account is None or not account.settings.get("app_secret"):
            return None
        if people.who_is(self._keys.viewer, request, people.Words(), token.platform, token.account):
            return None
        wish = urlencode({"to": token.page, "share": written})
        return _redirect(f"/oauth/wechat/{quote(token.account)}?{wish}")

    def _read(self, sheet: Sheet, mark: int) -> Token | None:
        token = tokens.read(sheet.connection, mark)
        if token is not None:
            self._remember(token)
        return token

    def _note(
        self, sheet: Sheet, site: Site, mark: int, screened: Verdict | None, device: str, request: Request
    ) -> Token | None:
        token = self._known.get(mark) or self._read(sheet, mark)
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
            _is_snapshot(request),
            request.path.removeprefix("/s/"),
            request.received_at,
        )

    def _send(self, page: SharedPage, written: str, device: str, request: Request) -> Answer:
        """The page's script learns the token, and for two minutes who was redirected."""
        word = people.sign_device(self._keys.viewer, device, request.received_at)
        cookie = set_cookie(word, people.DEVICE_LIFE, people.DEVICE_COOKIE, is_secure(request))
        if not page.has_script:
            return _redirect(page.address, cookie)
        who = people.who_is(self._keys.viewer, request, people.Words(), page.platform, page.account)
        nonce = secrets.token_bytes(NONCE_BYTES)
        handed = people.hand_over(
            self._keys, people.Handed(device, who, _is_snapshot(request)), request.received_at, nonce
        )
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


def _is_snapshot(request: Request) -> bool:
    return request.query.get("seen") == "snapshot"
