"""The brand's WeChat accounts as callers of the API: one client an account, made anew when settings change.

Refuses an account without a secret, and any address of the API but WeChat's own and one on this machine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg

from guanxi.channels.calling import Way
from guanxi.channels.wechat.client import API, WeChatClient, open_client
from guanxi.channels.wechat.web import OPEN, PageSigner
from guanxi.listen.calling.lent import LentTokens
from guanxi.records.accounts import OpenAccount, opened_accounts
from guanxi.records.databases import RELATIONSHIP, conninfo
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Caller:
    """An account's client, what signs its pages, and where its viewers show who they are."""

    account: str
    client: WeChatClient
    signer: PageSigner
    open_address: str


class Callers:
    """The callers of a process, by account. Safe to call from several threads."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Mapping[str, str], Caller]] = {}
        self._guard = threading.Lock()

    def caller(self, account: OpenAccount) -> Caller:
        """The account's caller; its client stays the same as long as its settings do."""
        wanted = {name: account.settings.get(name, "") for name in ("app_id", "app_secret", "api_address")}
        with self._guard:
            known = self._made.get(account.name)
            if known is None or known[0] != wanted:
                known = (wanted, open_caller(account))
                self._made[account.name] = known
            return known[1]


def open_caller(account: OpenAccount) -> Caller:
    """A caller for the account."""
    client = open_client(account.settings, Way(store=LentTokens(account.platform, account.name)))
    return Caller(account.name, client, PageSigner(client), OPEN if client.address == API else client.address)


def wechat_accounts(accounts: Iterable[OpenAccount]) -> dict[str, OpenAccount]:
    """The accounts on WeChat by name."""
    return {account.name: account for account in accounts if account.platform == Platform.WECHAT}


def read_wechat_accounts() -> dict[str, OpenAccount]:
    """The accounts on WeChat by name; for the door's `Snapshot`."""
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        return wechat_accounts(opened_accounts(connection))


def wechat_account(accounts: Mapping[str, OpenAccount], name: str) -> OpenAccount:
    """The account of that name."""
    try:
        return accounts[name]
    except KeyError:
        raise Refused("no_such_account", f"wechat/{name}") from None
