"""Pushes of a WeChat account in safe mode at an even pace, each timed from when it was due and not from when it left.

Run as `python pushing.py HOOK ACCOUNT RATE SECONDS`, ACCOUNT being JSON by the names of the fake's own; prints JSON.
A push whose connection is still busy waits, and its waiting counts: a door that stalls cannot hide it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlencode, urlsplit

from guanxi.channels.wechat.fake.chaos import Chaos
from guanxi.channels.wechat.fake.notices import push_of, written
from guanxi.channels.wechat.fake.world import Account

CONNECTIONS = 64
PEOPLE = 5_000
ANSWER_SECONDS = 1.0
SUCCESS = b"success"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Pushing:
    """What was sent to one hook and how long each answer took."""

    def __init__(self, hook: str, account: Account) -> None:
        self._place = urlsplit(hook)
        self._account = account
        self._chaos = Chaos()
        self._first = time.time_ns() // 1000
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        self.waits: list[float] = []
        self.others: dict[str, int] = {}

    async def push(self, rate: float, seconds: float) -> None:
        """So many a second were pushed for so long, and all were answered."""
        for _ in range(CONNECTIONS):
            self._lines.put_nowait(await asyncio.open_connection(self._place.hostname, self._place.port))
        began, under_way = time.perf_counter(), set()
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0.0))
            under_way.add(task := asyncio.create_task(self._one(number, due)))
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _one(self, number: int, due: float) -> None:
        request = self._request(number)
        reader, writer = line = await self._lines.get()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        self.waits.append(time.perf_counter() - due)
        self._lines.put_nowait(line)
        if body != SUCCESS:
            said = f"{head[9:12].decode()} {body[:80].decode(errors='replace')}"
            self.others[said] = self.others.get(said, 0) + 1

    def _request(self, number: int) -> bytes:
        person = f"oPush{number % PEOPLE:023d}"
        words = {
            "ToUserName": self._account.original_id,
            "FromUserName": person,
            "CreateTime": int(time.time()),
        }
        words |= {"MsgType": "text", "Content": f"春天好 {number}", "MsgId": self._first + number}
        push = push_of(self._account, person, written(self._account, words), time.time(), self._chaos)
        head = f"POST {self._place.path}?{urlencode(push.query)} HTTP/1.1\r\nHost: door\r\n"
        head += f"Content-Type: {push.content_type}\r\nContent-Length: {len(push.body)}\r\n\r\n"
        return head.encode() + push.body


def main(hook: str, account: str, rate: str, seconds: str) -> None:
    pushing = Pushing(hook, Account(**json.loads(account)))
    asyncio.run(pushing.push(float(rate), float(seconds)))
    waits = sorted(pushing.waits)
    told = {f"p{share}": waits[len(waits) * share // 1000] * 1000 for share in (500, 990, 999)}
    late = sum(wait >= ANSWER_SECONDS for wait in waits)
    rest = {"max": waits[-1] * 1000, "answered": len(waits), "late": late, "others": pushing.others}
    sys.stdout.write(json.dumps({**told, **rest}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
