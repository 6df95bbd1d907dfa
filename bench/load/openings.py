"""Share links followed, and pages that say hello, by as many new browsers as one cheap process can play.

Run as `python openings.py PORT TOKEN WHAT CONNECTIONS SECONDS`, WHAT being `follow` or `hello`; prints JSON.
A sixth word says that the door answers 200 to everything.
"""

from __future__ import annotations

import json
import sys

from knock import Knocking, told

ORIGIN = b"https://brand.example"
PAGE = ORIGIN + b"/spring"
AGENT = b"User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)\r\n"


class Following(Knocking):
    """Each request is somebody new who follows the link from an address of their own."""

    wanted = b"HTTP/1.1 302"

    def _request(self) -> bytes:
        return (
            b"GET /s/"
            + self.key.encode()
            + b" HTTP/1.1\r\nHost: door\r\n"
            + AGENT
            + self._network()
            + b"\r\n"
        )

    def _network(self) -> bytes:
        self.number += 1
        return b"X-Forwarded-For: 10.%d.%d.%d\r\n" % (
            self.number >> 16 & 255,
            self.number >> 8 & 255,
            self.number & 255,
        )


class Greeting(Following):
    """Each request is the script of a page that somebody new just opened through the link."""

    wanted = b"HTTP/1.1 200"

    def _request(self) -> bytes:
        network = self._network()
        body = b'{"page":"%b","token":"%b","view":"%b%024x"}' % (
            PAGE,
            self.key.encode(),
            self.run,
            self.number,
        )
        return (
            b"POST /g/view HTTP/1.1\r\nHost: door\r\nContent-Type: text/plain\r\nOrigin: "
            + ORIGIN
            + b"\r\n"
            + AGENT
            + network
            + b"Content-Length: %d\r\n\r\n" % len(body)
            + body
        )


def main(port: str, token: str, what: str, connections: str, seconds: str, alike: str = "") -> None:
    knocking = (Following if what == "follow" else Greeting)(int(port), token, int(connections), 1)
    if alike:
        knocking.wanted = b"HTTP/1.1 200"
    sys.stdout.write(json.dumps(told(knocking, float(seconds), 1.0)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
