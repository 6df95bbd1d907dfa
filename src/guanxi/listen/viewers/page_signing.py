"""Signs stored pages for WeChat's JS-SDK: `/g/wx-signature?url=…`, asked by our own script on the page."""

from __future__ import annotations

import asyncio

from guanxi.listen.calling.wechat import Callers, read_wechat_accounts, wechat_account
from guanxi.listen.door.http import Answer, Request, words
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.shares.site import read_site
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused


class PageSigning:
    """Answers for pages of WeChat accounts; the page's origin was checked by the desk it hangs on."""

    def __init__(self) -> None:
        self._callers = Callers()
        self._accounts, self._site = Snapshot(read_wechat_accounts), Snapshot(read_site)

    async def answer(self, request: Request) -> Answer:
        """What ``wx.config`` wants to know about the address that the browser shows."""
        address = request.query.get("url", "")
        page = (await self._site.get()).page_at(address)
        origin = request.headers.get("origin", "")
        if page is None or page.platform != Platform.WECHAT or not address.startswith(f"{origin}/"):
            raise Refused("no_such_page", address[:100])
        account = wechat_account(await self._accounts.get(), page.account)
        signed = await asyncio.to_thread(self._callers.caller(account).signer.sign, address)
        return words(
            200,
            appId=signed.app_id,
            timestamp=signed.timestamp,
            nonceStr=signed.nonce,
            signature=signed.signature,
        )
