"""Carries pushes to an account's hook: five seconds each, three or four tries, and what came of them.

Knows when a user would have seen "the service is not available": after the last try, or after a garbled reply.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from secrets import randbelow
from typing import Any

import httpx

from guanxi.channels.wechat.fake.calls import Notice
from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.hostile import hostile_body
from guanxi.channels.wechat.fake.notices import Push, push_of, read_reply, written
from guanxi.channels.wechat.fake.world import Account, Person, World
from guanxi.channels.wechat.signing import signature

ANSWER_SECONDS = 5.0


@dataclass
class Delivery:
    """One notice and what became of it.

    Attributes:
        attempts: the status of each try; 0 where nobody answered in time.
        error_banner: whether the user saw that the service is not available.
        fault: what was wrong with the reply.
    """

    openid: str
    notice: Notice
    attempts: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    reply: dict[str, str] = field(default_factory=dict)
    error_banner: bool = False
    fault: str = ""


class Courier:
    """Carries pushes of one world. Safe to call from several threads."""

    def __init__(self, world: World, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._world = world
        self._http = httpx.Client(timeout=httpx.Timeout(answer_seconds), trust_env=False)
        self._under_way: list[threading.Thread] = []
        self._held: list[tuple[Account, Delivery, bytes]] = []
        self.deliveries: list[Delivery] = []
        self.hostile: list[int] = []
        """The statuses with which hooks answered hostile bodies."""

    def verify(self, account: Account) -> bool:
        """Whether the hook answers a GET with our own words, as it must when its address is saved."""
        timestamp, nonce, words = str(int(self._world.clock())), str(randbelow(10**9)), str(randbelow(10**18))
        signed = signature(account.token, timestamp, nonce)
        query = {"signature": signed, "timestamp": timestamp, "nonce": nonce, "echostr": words}
        try:
            answer = self._http.get(account.hook, params=query)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.text == words

    def deliver(self, account: Account, person: Person, notice: Notice) -> Delivery:
        """The notice was delivered or given up."""
        chaos = self._world.chaos
        stated = {"ToUserName": account.original_id, "FromUserName": person.openid, **notice}
        now = self._world.clock()
        stated.setdefault("CreateTime", int(now))
        if chaos.strikes(Switch.TEXT_NUMBERS):
            stated = _texts(stated)
        delivery = Delivery(person.openid, stated)
        self.deliveries.append(delivery)
        if not account.hook:
            return delivery
        plain = written(account, stated)
        hostile = hostile_body(chaos)
        if hostile is not None:
            self.hostile.append(
                self._status_of(account, push_of(account, person.openid, hostile, now, chaos))
            )
        if chaos.strikes(Switch.HELD):
            self._held.append((account, delivery, plain))
            return delivery
        self._carry_all(account, delivery, plain)
        held, self._held = self._held, []
        for one in held:
            self._carry(*one)
        return delivery

    def _carry_all(self, account: Account, delivery: Delivery, plain: bytes) -> None:
        if self._world.chaos.strikes(Switch.TWICE):
            copy = Delivery(delivery.openid, delivery.notice)
            twin = threading.Thread(target=self._try, args=(account, copy, plain))
            twin.start()
            self._carry(account, delivery, plain)
            twin.join()
        else:
            self._carry(account, delivery, plain)

    def _status_of(self, account: Account, push: Push) -> int:
        headers = {"Content-Type": push.content_type}
        try:
            return self._http.post(
                account.hook, params=push.query, content=push.body, headers=headers
            ).status_code
        except httpx.HTTPError:
            return 0

    def post(self, account: Account, person: Person, notice: Notice) -> None:
        """The notice is under way."""
        thread = threading.Thread(target=self.deliver, args=(account, person, notice), daemon=True)
        self._under_way.append(thread)
        thread.start()

    def throw(self, account: Account, body: bytes) -> int:
        """The status with which the hook answers a body of any sort, signed as if it were plain."""
        timestamp, nonce = str(int(self._world.clock())), str(randbelow(10**9))
        query = {
            "signature": signature(account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
        }
        return self._http.post(account.hook, params=query, content=body).status_code

    def settle(self, seconds: float = 10.0) -> None:
        """Everything under way has arrived or was given up, or the time is over."""
        until = time.monotonic() + seconds
        for thread in list(self._under_way):
            thread.join(max(until - time.monotonic(), 0.0))
        self._under_way = [thread for thread in self._under_way if thread.is_alive()]

    def close(self) -> None:
        """Connections are closed."""
        self.settle(1.0)
        self._held.clear()
        self._http.close()

    def _carry(self, account: Account, delivery: Delivery, plain: bytes) -> None:
        for _ in range(account.deliveries_max):
            if self._try(account, delivery, plain):
                return
        delivery.error_banner = True

    def _try(self, account: Account, delivery: Delivery, plain: bytes) -> bool:
        """Whether the hook took it, however well it answered."""
        push = push_of(account, delivery.openid, plain, self._world.clock(), self._world.chaos)
        began = time.monotonic()
        try:
            answer = self._http.post(
                account.hook,
                params=push.query,
                content=push.body,
                headers={"Content-Type": push.content_type},
            )
        except httpx.HTTPError:
            delivery.attempts.append(0)
            return False
        delivery.seconds.append(time.monotonic() - began)
        if answer.status_code == 200:
            try:
                delivery.reply = read_reply(account, delivery.openid, answer.content)
            except ValueError as fault:
                delivery.error_banner, delivery.fault = True, str(fault)
        delivery.attempts.append(answer.status_code)  # last, for whoever looks on from another thread
        return answer.status_code == 200


def _texts(value: Any) -> Any:
    """Every number as a string, as some of WeChat's systems write them."""
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return str(value) if isinstance(value, int) else value
