"""The desk of platforms: `/hooks/<platform>/<account>` takes what a platform tells, once, and answers in time.

Knows accounts, reply rules and scenes as a snapshot. Fails closed: what the platform's own folder does not
recognise as signed is refused and nothing of it is kept. An answer goes out when everything is durable.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Inbound, KnowsAnswers, Replies, ReplyOn, Told
from guanxi.channels.registry import can_hear, open_inbound
from guanxi.channels.settings import RELAY_PRIVATE, RELAY_TO
from guanxi.listen.accept import Unreadable
from guanxi.listen.door.group import Committers
from guanxi.listen.door.http import Answer, Request
from guanxi.listen.door.snapshot import Snapshot
from guanxi.listen.hooks.relay import SECONDS, Relay
from guanxi.listen.hooks.relay_tally import RelayTally
from guanxi.listen.hooks.told_rows import key_of, row_of
from guanxi.listen.replies.rules import answering, read_reply_rules
from guanxi.listen.rows import Row
from guanxi.listen.scenes.rules import Scenes, read_scenes, resolve
from guanxi.records.accounts import OpenAccount, read_accounts
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, conninfo
from guanxi.records.register import Place
from guanxi.vocabulary.activity import BUYING
from guanxi.vocabulary.facts import clean
from guanxi.vocabulary.reasons import Refused

BODY_BYTES_MAX = 1024 * 1024
DURABLE_SECONDS = 4.5
"""Platforms wait five seconds and come again; what is not durable by then is not acknowledged."""
ANSWER_SECONDS = 4.7
"""By then the answer is on its way, relayed or not."""
_RAW_MAX = 64 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hook:
    """One account as the door knows it."""

    source: str
    place: Place
    inbound: Inbound
    replies: Replies
    scenes: Scenes
    relay_to: str
    relay_private: bool


Hooks = dict[tuple[str, str], Hook | None]
"""By platform and name; None for an account whose settings cannot be opened."""


class HookDesk:
    """Answers `/hooks/…`."""

    body_bytes_max = BODY_BYTES_MAX

    def __init__(self, committers: Committers) -> None:
        self._committers = committers
        self._hooks = Snapshot(read_hooks)
        self._relay = Relay(RelayTally())

    async def answer(self, request: Request) -> Answer:
        """Whatever the request tells is durable, and it is answered as its platform wants to be."""
        if request.method not in {"GET", "POST"}:
            raise Refused("post_only", request.method)
        hook = hook_at(request.path, await self._hooks.get())
        asked = HookRequest(request.method, request.query, request.headers, request.body, request.received_at)
        relayed = hook.relay_to and request.method == "POST"
        heard = hook.inbound.hear(asked, _silent if relayed else hook.replies)
        began = time.monotonic()
        async with asyncio.timeout(DURABLE_SECONDS):
            await self._keep(hook, asked, heard)
        if not relayed:
            return _answer(heard.answer)
        left = min(SECONDS, ANSWER_SECONDS - (time.monotonic() - began))
        fits = hook.inbound.can_answer if isinstance(hook.inbound, KnowsAnswers) else _anything
        answered = await self._relay.pass_on(
            hook.source, asked, hook.relay_to, hook.relay_private, left, fits
        )
        return _answer(answered or heard.answer)

    async def close(self) -> None:
        """What was counted of relays is written."""
        await self._relay.close()

    async def _keep(self, hook: Hook, asked: HookRequest, heard: Heard) -> None:
        payload = payload_of(asked)
        rows = rows_of(hook, payload, heard.told)
        social = [row for row in rows if row["kind"] not in BUYING]
        buying = [row for row in rows if row["kind"] in BUYING]
        unread = unread_of(hook, payload, heard)
        if social or unread:
            await self._committers.offer(SOCIAL, hook.source, social, unread)
        if buying:
            await self._committers.offer(CUSTOMERS, hook.source, buying, [])


def hook_at(path: str, hooks: Hooks) -> Hook:
    """The account that an address names; nobody is answered for one whose settings cannot be opened."""
    platform, _, name = path.removeprefix("/hooks/").partition("/")
    if (platform, name) not in hooks:
        raise Refused("no_such_account", path)
    found = hooks[platform, name]
    if found is None:
        raise Refused("seal_broken", f"{platform}/{name}")
    return found


def rows_of(hook: Hook, payload: str, told: Sequence[Told]) -> list[Row]:
    """What was told as activities of the account, each under the key by which it is counted once.

    Args:
        hook: whom it was told to.
        payload: stands for the whole of what came, where the platform names no id.
        told: in the order in which it was told.
    """
    rows, places = [], Counter[str]()
    for one in told:
        part = part_of(payload, one.position)
        identity = one.identity or f"{part}\0{places[part]}"
        rows.append(row_of(hook.source, hook.place, resolve(one, hook.scenes), identity))
        places[part] += 1
    return rows


def part_of(payload: str, position: str) -> str:
    """Stands for a part of what came, however many of the parts beside it are understood."""
    return f"{payload} {clean(position, 200)}" if position else payload


def unread_of(hook: Hook, payload: str, heard: Heard) -> list[Unreadable]:
    """What was kept but not understood, for quarantine; once each, with the identity it will be counted under."""
    return [
        Unreadable(
            key_of(hook.source, f"{one.reason}\0{one.position}\0{one.raw}"),
            clean(one.position, 200),
            one.reason,
            clean(one.raw, _RAW_MAX),
            one.identity or part_of(payload, one.position),
        )
        for one in heard.unread
    ]


def read_hooks() -> Hooks:
    """Every account that can be heard; one whose settings do not fit is left out and named in the log.

    One whose settings cannot be opened is silent and costs the others nothing.
    """
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        accounts = read_accounts(connection)
        rules = read_reply_rules(connection)
    scenes = read_scenes()
    hooks: Hooks = dict.fromkeys(accounts.sealed)
    for account, inbound in _opened(accounts.opened):
        hooks[account.platform, account.name] = Hook(
            f"{account.platform}:{account.name}",
            Place(account.platform, account.name),
            inbound,
            answering(rules.get((account.platform, account.name), ())),
            scenes.get((account.platform, account.name), {}),
            account.settings.get(RELAY_TO, ""),
            account.settings.get(RELAY_PRIVATE) == "yes",
        )
    return hooks


def _anything(body: bytes) -> bool:
    """Most platforms read no more than the status."""
    return True


def _silent(on: ReplyOn, words: str) -> str | None:
    """Where somebody else answers, our own rules do not."""
    return None


def _opened(accounts: Sequence[OpenAccount]) -> Iterator[tuple[OpenAccount, Inbound]]:
    for account in accounts:
        if not can_hear(account.platform):
            continue
        try:
            yield account, open_inbound(account.platform, account.settings)
        except Refused as refused:
            _log.warning("account %s/%s: %s", account.platform, account.name, refused.code)


def payload_of(asked: HookRequest) -> str:
    """The whole of a request in a few signs."""
    whole = asked.body or json.dumps(sorted(asked.query.items())).encode()
    return hashlib.sha256(whole).hexdigest()


def _answer(answer: HookAnswer) -> Answer:
    nosniff: Any = (("x-content-type-options", "nosniff"),)
    return Answer(answer.status, answer.body, answer.content_type, nosniff)
