"""Reads one raw RFC 5322 message: who writes, what it answers, what is new in it, whether a machine wrote it.

Caps size, parts and depth before it believes anything. Auto-replies: RFC 3834; bounces: RFC 3464; complaints:
RFC 5965. A bounce is about the person it could not reach, not about the host that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice

from guanxi.channels.email.words import new_words, words_of_html
from guanxi.vocabulary.facts import VALUE_MAX, clean
from guanxi.vocabulary.reasons import Refused

BYTES_MAX = 512 * 1024
PARTS_MAX = 40
NESTED_MAX = 24
_EARLIER = timedelta(days=7)
_ADDRESS = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]+\.[^@\s<>\"]+")
_ADDRESS_MAX = 254
_TEXT_MAX = 64 * 1024
_MACHINES = ("auto_reply", "auto-reply", "autoreply", "bulk", "junk", "list")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as far as it matters.

    Attributes:
        person: the address of whom it is about, in lower case; empty where nobody is named.
        sort: ``auto_reply``, ``bounce`` or ``complaint`` where a machine wrote it, else empty.
        said_by_machine: what a bounce states: its status, and whether it is permanent.
    """

    person: str
    name: str
    message_id: str
    answers: str
    subject: str
    written_at: datetime
    new_text: str
    sort: str = ""
    said_by_machine: Mapping[str, str | bool] = field(default_factory=dict)


def read_letter(raw: bytes, received_at: datetime) -> Letter:
    """The message; refused where it is too large or no message at all."""
    if len(raw) > BYTES_MAX:
        raise Refused("body_too_large", str(BYTES_MAX))
    # Every part within a part is announced in one of these ways, so their number bounds the depth beforehand.
    lower = raw.lower()
    if sum(lower.count(sign) for sign in (b"boundary=", b"message/")) > NESTED_MAX:
        raise Refused("body_unreadable", "parts")
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        return _letter(message, received_at)
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError, IndexError):
        raise Refused("body_unreadable", "message") from None


def address_of(written: str) -> str:
    """The one way to write an address; empty where it is none."""
    address = clean(written.strip().lower(), VALUE_MAX)
    return address if len(address) <= _ADDRESS_MAX and _ADDRESS.fullmatch(address) else ""


def _letter(message: EmailMessage, received_at: datetime) -> Letter:
    sort = _sort(message)
    name, sender = _sender(message)
    report = _report(message) if sort in ("bounce", "complaint") else {}
    person = address_of(report.pop("recipient", "")) if sort in ("bounce", "complaint") else sender
    return Letter(
        person,
        "" if sort else name,
        _header(message, "Message-ID"),
        report.pop("answers", "") or _header(message, "In-Reply-To").split(" ")[0],
        _header(message, "Subject"),
        _written_at(message, received_at),
        "" if sort else new_words(_text(message)),
        sort,
        {name: value == "yes" if name == "permanent" else value for name, value in report.items()},
    )


def _header(message: EmailMessage, name: str) -> str:
    return clean(str(message.get(name, "")).strip(), VALUE_MAX)


def _sender(message: EmailMessage) -> tuple[str, str]:
    named = getaddresses([str(message.get("From", ""))])
    name, address = named[0] if named else ("", "")
    return clean(name.strip(), VALUE_MAX), address_of(address)


def _sort(message: EmailMessage) -> str:
    kind = str(message.get_param("report-type") or "").lower()
    if message.get_content_type() == "multipart/report" and kind == "feedback-report":
        return "complaint"
    if message.get_content_type() == "multipart/report" or _header(message, "Return-Path") == "<>":
        return "bounce" if kind in ("delivery-status", "") else "auto_reply"
    submitted = _header(message, "Auto-Submitted").lower()
    machine = _header(message, "Precedence").lower() in _MACHINES or "X-Autoreply" in message
    return "auto_reply" if machine or (submitted and not submitted.startswith("no")) else ""


def _report(message: EmailMessage) -> dict[str, str]:
    """What a machine-readable report says, of the first person it names."""
    said: dict[str, str] = {}
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            said.update(_delivery(part))
        elif kind == "message/feedback-report":
            for block in _blocks(part):
                said.setdefault("recipient", _header(block, "Original-Rcpt-To").strip("<>"))
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            original = next(_blocks(part), None)
            if original is not None:
                said.setdefault("answers", _header(original, "Message-ID"))
                said["recipient"] = said.get("recipient") or _recipient(original)
    return {name: value for name, value in said.items() if value}


def _delivery(part: EmailMessage) -> dict[str, str]:
    for block in _blocks(part):
        if "Final-Recipient" in block or "Original-Recipient" in block:
            told = _header(block, "Original-Recipient") or _header(block, "Final-Recipient")
            status, action = _header(block, "Status"), _header(block, "Action").lower()
            permanent = "yes" if status.startswith("5") and action in ("failed", "") else "no"
            return {"recipient": told.partition(";")[2].strip(), "status": status, "permanent": permanent}
    return {}


def _recipient(original: EmailMessage) -> str:
    return next((address for _, address in getaddresses([str(original.get("To", ""))])), "")


def _blocks(part: EmailMessage) -> Iterator[EmailMessage]:
    """The messages or blocks of headers within a part, however the parser holds them."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, EmailMessage))
    else:
        yield BytesParser(policy=policy.default).parsebytes(str(payload).encode(errors="replace"))


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    yield from islice((part for part in message.walk() if isinstance(part, EmailMessage)), PARTS_MAX)


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())[:_TEXT_MAX]
    return words_of_html(text) if body.get_content_type() == "text/html" else text


def _written_at(message: EmailMessage, received_at: datetime) -> datetime:
    """The writer's clock where it can be right, else when the mail host posted it."""
    try:
        written = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError):
        return received_at
    at = written.replace(tzinfo=UTC) if written.tzinfo is None else written.astimezone(UTC)
    return at if received_at - _EARLIER <= at <= received_at else received_at
