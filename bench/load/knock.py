"""As much load on a door as one cheap process can make; each connection has one request under way at a time.

Run as `python knock.py PORT KEY CONNECTIONS SECONDS EVENTS WARM_SECONDS`; prints JSON. EVENTS is how many a request
holds, 1 for `/v1/track`. Knows sockets and clocks and nothing of Guanxi, so that it costs the same for any rival.
"""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import sys
import time

_DIGITS = 12
_EVENT = (
    b'{"type":"track","event":"Content Liked","messageId":"%(run)s-%(number)s","userId":"visitor%(who)s",'
    b'"timestamp":"2026-10-01T00:00:00.000Z","properties":{"content_id":"page7","campaign":"autumn"},'
    b'"context":{"library":{"name":"bench","version":"1"},"page":{"path":"/a","url":"https://brand.example/a"}}}'
)


class Sender:
    """One connection and when its request left."""

    __slots__ = ("left_at", "read", "socket", "unsent")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.left_at = 0.0
        self.read = b""
        self.unsent = b""


class Knocking:
    """Every connection sends its next request when its last was answered.

    Attributes:
        wanted: how an answer begins that is as it should be; whoever sends other requests says so.
    """

    wanted = b"HTTP/1.1 200"

    def __init__(self, port: int, key: str, connections: int, events: int) -> None:
        self.events = events
        self.key = key
        self.number = 0
        self.run = os.urandom(4).hex().encode()
        self.poll = select.epoll()
        self.senders: dict[int, Sender] = {}
        path = b"track" if events == 1 else b"batch"
        self.head = (
            b"POST /v1/" + path + b" HTTP/1.1\r\nHost: door\r\nContent-Type: application/json\r\n"
            b"Authorization: Basic " + base64.b64encode(f"{key}:".encode()) + b"\r\nContent-Length: "
        )
        self.waits: list[float] = []
        self.answered = 0
        self.others: dict[str, int] = {}
        for _ in range(connections):
            one = Sender(port)
            self.senders[one.socket.fileno()] = one
            self.poll.register(one.socket.fileno(), select.EPOLLIN)

    def _event(self) -> bytes:
        self.number += 1
        words = {
            b"run": self.run,
            b"number": b"%012d" % self.number,
            b"who": b"%05d" % (self.number % 50_000),
        }
        return _EVENT % words

    def _request(self) -> bytes:
        if self.events == 1:
            body = self._event()
        else:
            body = b'{"batch":[' + b",".join([self._event() for _ in range(self.events)]) + b"]}"
        return self.head + b"%d\r\n\r\n" % len(body) + body

    def _send(self, one: Sender, request: bytes) -> None:
        one.left_at = time.perf_counter()
        sent = one.socket.send(request)
        if sent < len(request):
            one.unsent = request[sent:]
            self.poll.modify(one.socket.fileno(), select.EPOLLIN | select.EPOLLOUT)

    def _send_on(self, one: Sender) -> None:
        one.unsent = one.unsent[one.socket.send(one.unsent) :]
        if not one.unsent:
            self.poll.modify(one.socket.fileno(), select.EPOLLIN)

    def _heard(self, one: Sender) -> bool:
        """Whether the answer has arrived whole."""
        one.read += one.socket.recv(65_536)
        head, found, body = one.read.partition(b"\r\n\r\n")
        if not found:
            if not one.read:
                raise ConnectionResetError("the door hung up")
            return False
        at = head.lower().find(b"content-length: ")
        if len(body) < int(head[at + 16 :].split(b"\r\n", 1)[0]):
            return False
        if not one.read.startswith(self.wanted):
            status = one.read[9:12].decode()
            self.others[status] = self.others.get(status, 0) + 1
        one.read = b""
        return True

    def load(self, seconds: float) -> float:
        """Requests went and came for so long; says how long it really was."""
        began = time.perf_counter()
        ending = began + seconds
        self.waits, self.answered, self.others = [], 0, {}
        for one in self.senders.values():
            self._send(one, self._request())
        busy = len(self.senders)
        while busy:
            for number, mask in self.poll.poll():
                one = self.senders[number]
                if mask & select.EPOLLOUT:
                    self._send_on(one)
                if mask & select.EPOLLIN and self._heard(one):
                    now = time.perf_counter()
                    self.waits.append(now - one.left_at)
                    self.answered += 1
                    if now < ending:
                        self._send(one, self._request())
                    else:
                        busy -= 1
        return time.perf_counter() - began


def main(port: str, key: str, connections: str, seconds: str, events: str, warm: str = "2") -> None:
    sys.stdout.write(
        json.dumps(told(Knocking(int(port), key, int(connections), int(events)), float(seconds), float(warm)))
        + "\n"
    )


def told(knocking: Knocking, seconds: float, warm: float) -> dict[str, object]:
    """What came of knocking for so long, after a while that does not count."""
    if warm:
        knocking.load(warm)
    before = time.process_time()
    took = knocking.load(seconds)
    spent = time.process_time() - before
    waits = sorted(knocking.waits)
    return {
        "requests_s": knocking.answered / took,
        "events_s": knocking.answered * knocking.events / took,
        "p50_ms": waits[len(waits) // 2] * 1000,
        "p99_ms": waits[len(waits) * 99 // 100] * 1000,
        "p999_ms": waits[len(waits) * 999 // 1000] * 1000,
        "own_us": spent / knocking.answered * 1e6,
        "answered": knocking.answered,
        "others": knocking.others,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
