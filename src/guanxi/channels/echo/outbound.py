"""Sends to Echo's receiver over HTTP.

Knows when a message was surely not accepted (no connection), surely accepted (a receipt), and when nobody
can say.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from uuid import UUID

import httpx

from guanxi.channels.echo.errors import refusal
from guanxi.channels.echo.signing import SIGNATURE, TIMESTAMP, sign
from guanxi.channels.port import Failure, OutboundMessage, SendResult, SendState
from guanxi.vocabulary.reasons import Refused

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0


class EchoChannel:
    """A connection to one receiver."""

    def __init__(
        self,
        address: str,
        secret: bytes,
        answer_seconds: float = ANSWER_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Opens no connection yet."""
        self._secret = secret
        self._clock = clock
        timeout = httpx.Timeout(answer_seconds, connect=CONNECT_SECONDS)
        self._client = httpx.Client(base_url=address, timeout=timeout, trust_env=False)

    def send(self, message: OutboundMessage) -> SendResult:
        """The receiver's answer to one message; unknown where it fell silent after the connection stood."""
        letter = {"account": message.account, "address": message.address, "body": message.body}
        return self._ask("PUT", message.id, json.dumps(letter, ensure_ascii=False).encode())

    def look_up(self, message_id: UUID) -> SendResult:
        """Accepted with its receipt, or refused as ``never_came``; unknown while the receiver is silent."""
        result = self._ask("GET", message_id, b"")
        if result.state is not SendState.REFUSED:
            return result
        if result.code == "never_came":
            return SendResult(SendState.REFUSED, code=result.code, failure=Failure.MESSAGE)
        return SendResult(SendState.UNKNOWN, code=result.code)

    def close(self) -> None:
        """Connections are closed."""
        self._client.close()

    def _ask(self, method: str, message_id: UUID, body: bytes) -> SendResult:
        moment = int(self._clock())
        signed = f"{method} {message_id}\n".encode() + body
        headers = {TIMESTAMP: str(moment), SIGNATURE: sign(self._secret, moment, signed)}
        try:
            answer = self._client.request(method, f"/messages/{message_id}", content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return SendResult(SendState.REFUSED, code="unreachable", failure=Failure.TRANSIENT)
        except httpx.HTTPError as error:
            return SendResult(SendState.UNKNOWN, code=type(error).__name__)
        return _read(answer)


def open_channel(settings: Mapping[str, str]) -> EchoChannel:
    """A channel to the receiver at ``settings["address"]`` with the shared ``settings["secret"]``."""
    try:
        secret = settings["secret"].encode()
        seconds = float(settings.get("answer_seconds", ANSWER_SECONDS))
        return EchoChannel(settings["address"], secret, seconds)
    except (KeyError, ValueError) as error:
        raise Refused("channel_settings", f"echo: {error}") from None


def _read(answer: httpx.Response) -> SendResult:
    try:
        words = json.loads(answer.content)
    except ValueError:
        words = None
    if not isinstance(words, dict):
        words = {}
    if not answer.is_success:
        return refusal(answer.status_code, str(words.get("code", "")))
    receipt = words.get("receipt")
    if not isinstance(receipt, str) or not receipt:
        return SendResult(SendState.UNKNOWN, code="answer_unreadable")
    return SendResult(SendState.ACCEPTED, receipt=receipt, code="repeated" if words.get("repeated") else "")
