"""The desk of share links: `/s/<token>` sends whoever opens one to the stored page, and nowhere else.

Knows marks it has read before and asks the database nothing about a token that was not signed here. Inside WeChat
it first lets WeChat say, without a tap, who looks; that takes one more redirect, once in a month and browser.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from guanxi.listen.door.http import Answer, Request, words
from guanxi.listen.door.outside import is_secure
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.shares import openings, people, tokens
from guanxi.listen.shares.book import Book, Sheet, Tally
from guanxi.listen.shares.marks import read_token
from guanxi.listen.shares.memory import Coming
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


@dataclass(frozen=True, slots=True)
class Following:
    """Somebody follows a link; what of the site was known then."""

    request: Request
    site: Site
    mark: int
    screened: Verdict | None
    device: str

    def opens(self, token: Token) -> bool:
        """Whether following the link is all that will ever be heard of the opening."""
        return self.screened is None and not token.has_script


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
        token = await self._book.write(self._follow, Following(request, site, mark, screened, device))
        if token is None:
            return _GONE
        page = site.shared[token.page]
        return _redirect(page.address) if screened else self._send(page, written, device, request)

    async def _asking_wechat(self, site: Site, mark: int, written: str, request: Request) -> Answer | None:
        """The way to WeChat for somebody whom only it can name, if it was not asked a moment ago."""
        if _IN_WECHAT not in request.headers.get("user-agent", "").lower():
            return None
        token = self._known.get(mark) or await self._book.write(self._read, mark)
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

    def _read(self, sheet: Sheet, marks: Sequence[int]) -> list[Token | None]:
        """The marks as they were made; those read before are not read again."""
        known = {mark: self._known[mark] for mark in marks if mark in self._known}
        if unknown := set(marks) - set(known):
            made = tokens.read_asked(tokens.ask_many(sheet.connection, unknown))
            self._remember(made)
            known |= made
        return [known.get(mark) for mark in marks]

    def _follow(self, sheet: Sheet, wishes: Sequence[Following]) -> list[Token | None]:
        """The steps are written; where no script will speak for the page, the openings are judged."""
        found = self._read(sheet, [wish.mark for wish in wishes])
        leading = [_leading(token, wish.site) for token, wish in zip(found, wishes, strict=True)]
        steps = [(t, wish) for t, wish in zip(leading, wishes, strict=True) if t is not None]
        comings = [self._coming(t, wish.device, wish.request) for t, wish in steps if wish.opens(t)]
        for token, wish in steps:
            if not wish.opens(token):
                verdict = wish.screened or Verdict.REDIRECTED
                sheet.tallies[Tally(token.page, token.mark, wish.request.received_at.date(), verdict)] += 1
        if comings:
            openings.open_all(sheet, comings)
        return leading

    def _coming(self, token: Token, device: str, request: Request) -> Coming:
        who = people.who_is(self._keys.viewer, request, people.Words(), token.platform, token.account)
        return Coming(
            token.page,
            token.mark,
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

    def _remember(self, made: Mapping[int, Token]) -> None:
        for mark, token in made.items():
            if len(self._known) >= _REMEMBERED_MAX:
                del self._known[next(iter(self._known))]
            self._known[mark] = token


def _leading(token: Token | None, site: Site) -> Token | None:
    """The mark, if its page is still one that viewers are sent to."""
    return token if token is not None and token.page in site.shared else None


def _redirect(address: str, cookie: str = "") -> Answer:
    headers = [("location", address), ("cache-control", "no-store"), ("referrer-policy", "no-referrer")]
    if cookie:
        headers.append(("set-cookie", cookie))
    return Answer(302, b"", "text/plain; charset=utf-8", tuple(headers))


def _is_snapshot(request: Request) -> bool:
    return request.query.get("seen") == "snapshot"
