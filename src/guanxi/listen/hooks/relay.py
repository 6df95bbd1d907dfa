"""Passes what a platform sent on to whoever sat on the account before, and brings back that one's answer.

Knows a budget of time: who does not answer in it is not waited for, and the platform gets our own word. What
is passed on is what came, byte for byte, so that the other side can check the platform's signature itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from guanxi.channels.hook import HookAnswer, HookRequest
from guanxi.channels.outward import Outward
from guanxi.listen.hooks.relay_tally import RelayTally
from guanxi.vocabulary.reasons import Refused

SECONDS = 3.5
REPLY_BYTES_MAX = 64 * 1024
# What belongs to one connection, says where a request came from, or would have the answer compressed.
_KEPT_BACK = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_KEPT_BACK_PREFIXES = ("proxy-", "x-forwarded-", "x-real-")
_log = logging.getLogger(__name__)


class Relay:
    """Passes requests on; one of a process.

    Args:
        tally: counts what became of each.
    """

    def __init__(self, tally: RelayTally) -> None:
        self._outward: Outward | None = None
        self._tally = tally

    async def pass_on(
        self,
        source: str,
        asked: HookRequest,
        to: str,
        private: bool,
        seconds: float,
        fits: Callable[[bytes], bool],
    ) -> HookAnswer | None:
        """The other side's answer, or None where it gave none within the time that ``fits`` the platform."""
        try:
            answer = await self._asked(asked, to, private, seconds)
            if not fits(answer.body):
                raise Refused("relay_unfit")
        except (Refused, OSError) as error:
            # The address may hold a secret of the other side's, so only the sort of failure is written down.
            failure = failure_of(error)
            _log.warning("relay of %s: %s", source, failure)
            self._tally.count(source, failure)
            return None
        self._tally.count(source)
        return answer

    async def close(self) -> None:
        """What was counted is written."""
        await self._tally.close()

    async def _asked(self, asked: HookRequest, to: str, private: bool, seconds: float) -> HookAnswer:
        if self._outward is None:
            self._outward = Outward()
        reply = await self._outward.ask(
            asked.method,
            with_query(to, asked),
            passed_headers(asked),
            asked.body,
            private=private,
            seconds=seconds,
            bytes_max=REPLY_BYTES_MAX,
        )
        if reply.status != 200:
            raise Refused("relay_status", str(reply.status))
        return HookAnswer(200, reply.body, reply.content_type or "text/plain; charset=utf-8")


def failure_of(error: Refused | OSError) -> str:
    """The sort of failure in a word; it holds nothing of the address.

    >>> failure_of(TimeoutError()), failure_of(Refused("relay_status", "500"))
    ('relay_late', 'relay_status 500')
    """
    if isinstance(error, TimeoutError):
        return "relay_late"
    if isinstance(error, OSError):
        return "relay_unreachable"
    return f"{error.code} {error.detail}" if error.code == "relay_status" else error.code


def with_query(address: str, asked: HookRequest) -> str:
    """The address with what the platform wrote behind ours.

    >>> from datetime import UTC, datetime
    >>> asked = HookRequest("POST", {"nonce": "1 2"}, {}, b"", datetime.now(UTC))
    >>> with_query("https://vendor/hook?key=7", asked)
    'https://vendor/hook?key=7&nonce=1+2'
    """
    query = urlencode(dict(asked.query))
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def passed_headers(asked: HookRequest) -> dict[str, str]:
    """The headers that the other side needs: all but those of the connection."""
    return {
        name: value
        for name, value in asked.headers.items()
        if name not in _KEPT_BACK and not name.startswith(_KEPT_BACK_PREFIXES)
    }
