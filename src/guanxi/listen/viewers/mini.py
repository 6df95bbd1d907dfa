"""The desk of mini-programs: `/mini/wechat/NAME/login`, `/phone` and `/report`, spoken to by our own small script.

A mini-program is an account of its own with its own openids; phone and union id are only evidence for links.
A card that is passed on carries a sealed mark of whoever passed it on; an opening counts when somebody else
opens it, and only then it is known that they shared.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import msgspec

from guanxi.channels.wechat.program import phone_of, user_of
from guanxi.listen.calling.wechat import Caller, Callers, read_wechat_accounts, wechat_account
from guanxi.listen.door.group import Committers
from guanxi.listen.door.http import Answer, Request, words
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.rows import Row
from guanxi.listen.viewers.mini_reports import Report, mark_of, report_rows, seal_key
from guanxi.listen.viewers.oauth import identified
from guanxi.listen.viewers.viewer import Viewer, read_viewer, sign_viewer, viewer_key
from guanxi.records.databases import SOCIAL
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import KEY_BYTES
from guanxi.vocabulary.reasons import Refused

REPORTS_MAX = 50
_CALLS = ("login", "phone", "report")


class Said(msgspec.Struct, frozen=True):
    """What the script sends; what a call does not need is left empty."""

    session: str = ""
    code: str = ""
    reports: list[Report] = []


class MiniDesk:
    """Answers `/mini/wechat/NAME/…`."""

    body_bytes_max = 32 * 1024

    def __init__(self, committers: Committers) -> None:
        pepper = Installation.current().secrets.pepper
        self._session_key, self._seal_key = viewer_key(pepper), seal_key(pepper)
        self._committers, self._callers = committers, Callers()
        self._accounts = Snapshot(read_wechat_accounts)

    async def answer(self, request: Request) -> Answer:
        """The script's answer; what it reported is durable."""
        parts = request.path.split("/")[2:]
        if len(parts) != 3 or parts[0] != "wechat" or parts[2] not in _CALLS:
            raise Refused("no_such_address", request.path)
        if request.method != "POST":
            raise Refused("post_only", request.method)
        said = _said(request.body)
        account = wechat_account(await self._accounts.get(), parts[1])
        caller = self._callers.caller(account)
        if parts[2] == "login":
            return await self._login(request, caller, said)
        viewer = self._viewer(request, caller, said)
        if parts[2] == "phone":
            return await self._phone(request, caller, viewer, said)
        return await self._report(request, caller, viewer, said)

    async def _login(self, request: Request, caller: Caller, said: Said) -> Answer:
        user = await asyncio.to_thread(user_of, caller.client, _code(said))
        if user.union_id:
            shown = {"union_id": user.union_id}
            await self._keep(caller, _shown(request, caller, user.openid, shown, "mini-program login"))
        viewer = Viewer("wechat", caller.account, user.openid, request.received_at)
        session = sign_viewer(self._session_key, viewer)
        return words(200, session=session, mark=mark_of(self._seal_key, caller.account, user.openid))

    async def _phone(self, request: Request, caller: Caller, viewer: Viewer, said: Said) -> Answer:
        phone = await asyncio.to_thread(phone_of, caller.client, _code(said))
        shown = {"phone": phone.written}
        await self._keep(caller, _shown(request, caller, viewer.external_id, shown, "mini-program phone"))
        return words(200, bound=True)

    async def _report(self, request: Request, caller: Caller, viewer: Viewer, said: Said) -> Answer:
        if len(said.reports) > REPORTS_MAX:
            raise Refused("too_many_events", str(len(said.reports)))
        rows = [
            row
            for report in said.reports
            for row in report_rows(self._seal_key, viewer, report, request.received_at)
        ]
        for row in rows:
            row["key"] = _key(caller.account, row.pop("identity"))
        if rows:
            await self._committers.offer(SOCIAL, f"wechat:{caller.account}", rows, [])
        return words(200, kept=len(rows))

    async def _keep(self, caller: Caller, row: Row) -> None:
        await self._committers.offer(SOCIAL, f"wechat:{caller.account}", [row], [])

    def _viewer(self, request: Request, caller: Caller, said: Said) -> Viewer:
        viewer = read_viewer(self._session_key, said.session, request.received_at)
        if viewer is None or (viewer.platform, viewer.account) != ("wechat", caller.account):
            raise Refused("session_unknown")
        return viewer


def _said(body: bytes) -> Said:
    try:
        return msgspec.json.decode(body, type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("body_unreadable", "json") from None


def _code(said: Said) -> str:
    if not 0 < len(said.code) <= 512:
        raise Refused("code_missing")
    return said.code


def _shown(request: Request, caller: Caller, openid: str, shown: dict[str, str], word_of: str) -> Row:
    return identified(f"wechat:{caller.account}", caller.account, openid, shown, word_of, request)


def _key(account: str, identity: Any) -> bytes:
    said = f"mini\0{account}\0{identity}".encode(errors="replace")
    return hashlib.blake2b(said, digest_size=KEY_BYTES).digest()
