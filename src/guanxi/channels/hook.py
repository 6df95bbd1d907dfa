"""The port of every platform that can be heard: one request in, what it tells and the answer out.

Pure: a platform's ``inbound`` verifies, reads and answers; it keeps nothing and reads no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from guanxi.vocabulary.activity import Kind


@dataclass(frozen=True, slots=True)
class Setting:
    """Something an account of a platform must or may be told.

    Attributes:
        name: its key in the account's settings, and with dashes its option on the command line.
        label: what people call it, as the platform itself does.
        about: where one finds it and what it is for, in a line, for the person who fills it in.
        is_secret: kept sealed and never shown again.
        required: without it the account cannot be heard.
        choices: the values allowed and what each is called; none means any text.
        default: what an empty one means.
        needed_unless: another setting's name and the value with which this one may be empty; all others need it.
    """

    name: str
    label: str
    about: str
    is_secret: bool = False
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    needed_unless: tuple[str, str] | None = None

    def is_needed(self, told: Mapping[str, str]) -> bool:
        """Whether an account that is told so much else cannot do without it."""
        if self.needed_unless is None:
            return self.required
        other, value = self.needed_unless
        return told.get(other, "") != value


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A request as it came: names of headers in lower case, the body raw, as it was signed."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What the platform is answered once everything is durable."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Told:
    """One activity that a request tells of, on the account it came to.

    Attributes:
        kind: what was done.
        actor: the platform's id of who did it; empty where the notice is about nobody.
        happened_at: by the platform's clock.
        identity: the platform's own id of the notice, under which it is counted once; empty where it has
            none, and then the whole payload is its identity.
        reference: a scene, a message, a group, a tag: what the activity points at.
        traits: an object that JSON can hold.
        position: of the part of the request that tells it, where it has parts; what has no identity is known by it.
    """

    kind: Kind
    actor: str
    happened_at: datetime
    identity: str = ""
    through: str | None = None
    content: str | None = None
    campaign: str | None = None
    reference: str | None = None
    traits: Mapping[str, Any] | None = None
    position: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a request that is kept but not understood.

    Attributes:
        raw: enough for `ReadsAgain` to read the part without the rest of its request.
        identity: under which it will be counted, where the part itself does not say; empty for the whole payload.
    """

    position: str
    reason: str
    raw: str
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A part that waited unread, as its `Unread` told it, and when it came."""

    raw: str
    identity: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request tells and what it is answered."""

    answer: HookAnswer
    told: tuple[Told, ...] = ()
    unread: tuple[Unread, ...] = ()


class ReplyOn(StrEnum):
    """What a passive reply answers."""

    FOLLOW = "follow"
    TEXT = "text"
    SCAN = "scan"
    MENU = "menu"


class Replies(Protocol):
    """The rules that a marketer edits, as the door knows them."""

    def __call__(self, on: ReplyOn, words: str) -> str | None:
        """The text to answer with, or None for silence; ``words`` is the text, the scene or the menu's key."""


@runtime_checkable
class Inbound(Protocol):
    """An account that can be heard; made by the platform's ``inbound.open_inbound(settings)``."""

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the request tells.

        Raises:
            Refused: ``signature_wrong``, ``body_unreadable``, ``message_for_another``; nothing is kept then.
        """


@runtime_checkable
class KnowsAnswers(Protocol):
    """An account whose platform shows people an error where an answer is none that it knows."""

    def can_answer(self, body: bytes) -> bool:
        """Whether the platform takes the body as an answer."""


@runtime_checkable
class ReadsAgain(Protocol):
    """An account that reads what was kept once more, by what its platform's folder knows today."""

    def read_again(self, kept: Kept) -> Heard:
        """What the part tells under the identities it would have had when it came; it was verified then.

        Raises:
            Refused: the part still cannot be read.
        """
