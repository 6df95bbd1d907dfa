"""What a mini-program's script reports, as activities; and the mark that a card carries when it is passed on.

Pure. A mark is the sharer's openid, sealed so that nobody else can read or make one; the same each time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from guanxi.listen.viewers.viewer import Viewer
from guanxi.vocabulary.activity import Kind

_MARK_MAX = 200
_AGO_MAX = timedelta(days=1)
_SECONDS_MAX = 3_600
_PAGE_LETTERS, _ID_LETTERS = 256, 64


class Report(msgspec.Struct, frozen=True):
    """One thing that happened in the mini-program.

    Attributes:
        kind: ``page`` was shown; ``share`` was tapped, which proves nothing yet.
        id: drawn by the script; the same however often the report is sent.
        page: the page's path.
        mark: of whoever passed on the card that brought the user here.
        seconds: how long the page was shown.
        ago: how many seconds ago, by the script's clock.
    """

    kind: Literal["page", "share"]
    id: str
    page: str
    mark: str = ""
    seconds: int = 0
    ago: float = 0.0


def seal_key(pepper: bytes) -> bytes:
    """The key under which an installation seals marks, and nothing else."""
    return hmac.digest(pepper, b"guanxi mini-program mark 1", hashlib.sha512)


def mark_of(key: bytes, account: str, openid: str) -> str:
    """The mark of a sharer.

    >>> sharer_of(seal_key(b"p"), "mini", mark_of(seal_key(b"p"), "mini", "o1"))
    'o1'
    """
    sealed = AESSIV(key).encrypt(openid.encode(), [account.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def sharer_of(key: bytes, account: str, mark: str) -> str | None:
    """Whose mark it is, or None where it was not made here for this account."""
    if not 0 < len(mark) <= _MARK_MAX or not mark.isascii():
        return None
    try:
        sealed = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
        return AESSIV(key).decrypt(sealed, [account.encode()]).decode()
    except (InvalidTag, ValueError):
        return None


def report_rows(
    key: bytes, viewer: Viewer, report: Report, received_at: datetime
) -> Iterator[dict[str, Any]]:
    """The activities that a report tells of, each with the identity by which it is counted once."""
    me, page = viewer.external_id, report.page[:_PAGE_LETTERS]
    ago = min(max(report.ago, 0.0), _AGO_MAX.total_seconds()) if report.ago == report.ago else 0.0
    about = {
        "platform": viewer.platform,
        "account": viewer.account,
        "content": page,
        "happened_at": received_at - timedelta(seconds=ago),
    }
    own = f"{me}\0{report.id[:_ID_LETTERS]}"
    if report.kind == "share":
        yield about | _row(Kind.CLICKED, me, f"tap\0{own}", traits={"by": "share_button"})
        return
    seconds = min(max(report.seconds, 0), _SECONDS_MAX)
    yield about | _row(Kind.VIEWED, me, f"page\0{own}", traits={"seconds": seconds} if seconds else None)
    sharer = sharer_of(key, viewer.account, report.mark)
    if sharer is not None and sharer != me:
        yield about | _row(Kind.OPENED, me, f"opened\0{sharer}\0{page}\0{me}", through=sharer)
        yield about | _row(Kind.SHARED, sharer, f"shared\0{sharer}\0{page}")


def _row(
    kind: Kind, actor: str, identity: str, through: str | None = None, traits: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "actor": actor,
        "through": through,
        "identity": identity,
        "traits": json.dumps(traits) if traits else None,
    }
