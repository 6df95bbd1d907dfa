"""The desk of viewers: `/oauth/wechat/NAME?to=PAGE` asks WeChat who looks at a page and sends them on to it.

Sends nobody to an address that was not stored. Asks for a name only after a tap on a page of our own. An
invented user of a snapshot page is sent on as nobody, and nothing is kept of them. Whoever opened a share link
(`&share=TOKEN`) comes back to that link.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from secrets import token_bytes
from urllib.parse import urlencode

from guanxi.channels.wechat.web import Looker, Scope, authorize_address, looker
from guanxi.listen.accept import Unreadable
from guanxi.listen.calling.wechat import Caller, Callers, read_wechat_accounts, wechat_account
from guanxi.listen.door.group import Committers
from guanxi.listen.door.http import Answer, Request
from guanxi.listen.door.outside import Outside, is_secure, read_outside
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.rows import Row
from guanxi.listen.shares.marks import mark_key, read_token, write_token
from guanxi.listen.shares.people import AS_SNAPSHOT, ASKED_COOKIE
from guanxi.listen.viewers.oauth_state import STATE_LIFE, State, read_state, sign_state, state_key
from guanxi.listen.viewers.pages import read_pages
from guanxi.listen.viewers.viewer import Viewer, cookie_of, set_cookie, sign_viewer, viewer_key
from guanxi.records.databases import SOCIAL
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import KEY_BYTES, Kind
from guanxi.vocabulary.reasons import Refused

NONCE_COOKIE = "guanxi_oauth"
_SCOPES = {"base": Scope.BASE, "userinfo": Scope.USERINFO}
_CODE_MAX = 512
_TAP = """<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>微信 · WeChat</title><p>{asks}</p><form method="post" action="{action}"><button>{yes}</button></form>
<p><a href="{page}">{no}</a></p></html>"""


class OAuthDesk:
    """Answers `/oauth/wechat/NAME` and `/oauth/wechat/NAME/back`."""

    body_bytes_max = 1024

    def __init__(self, committers: Committers) -> None:
        pepper = Installation.current().secrets.pepper
        self._state_key, self._viewer_key = state_key(pepper), viewer_key(pepper)
        self._token_key = mark_key(pepper)
        self._committers, self._callers = committers, Callers()
        self._accounts, self._pages = Snapshot(read_wechat_accounts), Snapshot(read_pages)
        self._outside = Snapshot(read_outside)

    async def answer(self, request: Request) -> Answer:
        """The way to WeChat, or from WeChat to the stored page."""
        parts = request.path.split("/")[2:]
        if not (2 <= len(parts) <= 3) or parts[0] != "wechat" or parts[2:] not in ([], ["back"]):
            raise Refused("no_such_address", request.path)
        if request.method not in ("GET", "POST"):
            raise Refused("get_only", request.method)
        account = wechat_account(await self._accounts.get(), parts[1])
        caller, pages = self._callers.caller(account), await self._pages.get()
        if parts[2:]:
            return await self._back(request, caller, pages)
        return self._begun(request, caller, pages, await self._outside.get())

    def _begun(self, request: Request, caller: Caller, pages: Mapping[int, str], outside: Outside) -> Answer:
        page = _number(request.query.get("to", ""))
        if page not in pages:
            raise Refused("no_such_page", str(page))
        scope = _SCOPES.get(request.query.get("scope", "base"))
        if scope is None:
            raise Refused("scope_unknown", request.query["scope"][:20])
        here = request.path.rstrip("/")
        if scope is Scope.USERINFO and request.method == "GET":
            return _tap(f"{here}?{urlencode({'to': page, 'scope': 'userinfo'})}", pages[page])
        nonce = token_bytes(8)
        mark = read_token(self._token_key, request.query.get("share", "")) or 0
        begun = State(page, scope, nonce, request.received_at, mark)
        state = sign_state(self._state_key, caller.account, begun)
        to = authorize_address(
            caller.client.app_id,
            f"{outside.address_of(request)}{here}/back",
            scope,
            state,
            caller.open_address,
        )
        return _sent_to(to, set_cookie(nonce.hex(), STATE_LIFE, NONCE_COOKIE, is_secure(request)))

    async def _back(self, request: Request, caller: Caller, pages: Mapping[int, str]) -> Answer:
        written, now = request.query.get("state", ""), request.received_at
        state = read_state(self._state_key, caller.account, written, now)
        nonce = cookie_of(request.headers.get("cookie", ""), NONCE_COOKIE)
        if state is None or nonce != state.nonce.hex():
            raise Refused("state_unknown")
        if state.page not in pages:
            raise Refused("no_such_page", str(state.page))
        secure = is_secure(request)
        asked = [set_cookie("", timedelta(0), NONCE_COOKIE, secure)]
        if state.mark:
            asked.append(set_cookie("1", STATE_LIFE, ASKED_COOKIE, secure))
        seen = await self._looker(request, caller, state)
        if seen is None:
            return _sent_to(self._onward(state, pages), *asked)
        if seen.is_snapshot:
            await self._note_snapshot(caller.account, state.page, request)
            return _sent_to(self._onward(state, pages, AS_SNAPSHOT), *asked)
        if seen.union_id or seen.nickname:
            await self._keep(caller.account, seen, request)
        viewer = Viewer("wechat", caller.account, seen.openid, now)
        known = set_cookie(sign_viewer(self._viewer_key, viewer), secure=secure)
        return _sent_to(self._onward(state, pages), *asked, known)

    async def _looker(self, request: Request, caller: Caller, state: State) -> Looker | None:
        """Who looks; None where they said no, or where a share link must not end in WeChat's trouble."""
        code = request.query.get("code", "")
        if not 0 < len(code) <= _CODE_MAX:
            return None
        try:
            return await asyncio.to_thread(looker, caller.client, code, state.scope)
        except Refused:
            if state.mark:
                return None
            raise

    def _onward(self, state: State, pages: Mapping[int, str], how: str = "") -> str:
        if not state.mark:
            return pages[state.page]
        return f"/s/{write_token(self._token_key, state.mark)}{how}"

    async def _note_snapshot(self, account: str, page: int, request: Request) -> None:
        """That a page was opened as a snapshot is shown in quarantine once a day; of whom, nobody can say."""
        place = f"oauth\0{account}\0{page}\0{request.received_at:%Y-%m-%d}"
        key = hashlib.blake2b(place.encode(), digest_size=KEY_BYTES).digest()
        unread = Unreadable(key, f"page {page}", "snapshot_viewer", "")
        await self._committers.offer(SOCIAL, f"wechat:{account}", [], [unread])

    async def _keep(self, account: str, seen: Looker, request: Request) -> None:
        """What the viewer showed of themselves is durable, as evidence for links."""
        shown = {"name": seen.nickname, "union_id": seen.union_id}
        row = identified(f"wechat:{account}", account, seen.openid, shown, "wechat oauth", request)
        await self._committers.offer(SOCIAL, f"wechat:{account}", [row], [])


def identified(
    source: str, account: str, openid: str, shown: Mapping[str, str], word_of: str, request: Request
) -> Row:
    """The activity that says what somebody showed of themselves today; the same word is heard once a day."""
    traits = {name: value for name, value in shown.items() if value}
    said = json.dumps({**traits, "source": word_of, "confidence": 0.95}, ensure_ascii=False, sort_keys=True)
    place = f"{source}\0{openid}\0{request.received_at:%Y-%m-%d}\0{said}"
    return {
        "key": hashlib.blake2b(place.encode(errors="replace"), digest_size=KEY_BYTES).digest(),
        "kind": Kind.IDENTIFIED.value,
        "platform": "wechat",
        "account": account,
        "actor": openid,
        "happened_at": request.received_at,
        "traits": said,
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _tap(action: str, page: str) -> Answer:
    words = _TAP.format(
        asks="要使用您的微信昵称吗? · May this page use your WeChat name?",
        action=escape(action),
        yes="可以 · Yes",
        page=escape(page),
        no="不用,直接看 · No, just show the page",
    )
    policy = "default-src 'none'; form-action 'self' https://open.weixin.qq.com http://127.0.0.1:*"
    headers = (("content-security-policy", policy), ("cache-control", "no-store"))
    return Answer(200, words.encode(), "text/html; charset=utf-8", headers)


def _sent_to(address: str, *cookies: str) -> Answer:
    kept = tuple(("set-cookie", cookie) for cookie in cookies)
    headers = (
        ("location", address),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        *kept,
    )
    return Answer(302, b"", "text/plain", headers)
