"""The port every platform that can send plugs into: one message in, one of three answers out.

``unknown`` is an answer: the message may or may not have been accepted, and only the platform can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID


class SendState(StrEnum):
    """What is known after a send."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Failure(StrEnum):
    """What a refusal is about, so that a caller knows what may follow."""

    TRANSIENT = "transient"
    """Nothing was accepted; the same message may be tried again."""
    CONTACT = "contact"
    """This person cannot or does not want to be reached here."""
    MESSAGE = "message"
    """This message will never be accepted."""
    ACCOUNT = "account"
    """The account is set up wrongly or barred; no message will pass until someone mends it."""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to one address; ``id`` is the same however often it is tried."""

    id: UUID
    platform: str
    account: str
    address: str
    body: str


@dataclass(frozen=True, slots=True)
class SendResult:
    """The platform's answer; ``code`` is the platform's own word for it, ``failure`` ours."""

    state: SendState
    receipt: str = ""
    code: str = ""
    failure: Failure | None = None


@runtime_checkable
class Channel(Protocol):
    """A platform account that can send. Safe to call from several threads."""

    def send(self, message: OutboundMessage) -> SendResult:
        """The platform's answer; never raises for what the network or the platform may answer."""

    def look_up(self, message_id: UUID) -> SendResult:
        """What the platform knows of an earlier message: accepted, refused (never came) or unknown."""

    def close(self) -> None:
        """Connections are closed."""
