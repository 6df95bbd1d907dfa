"""Somebody came to a page: judged, counted at most once for each mark and viewer, and told as activities.

Every function speaks within the open transaction of a `Sheet`. What a share moved is known from its first
opening by somebody else, never from the button that was pressed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.listen.rows import Row
from guanxi.listen.shares.book import Sheet, Tally
from guanxi.listen.shares.tokens import Token
from guanxi.listen.shares.verdicts import BURST_MINUTES, Seen, Verdict, judge
from guanxi.vocabulary.activity import Kind


@dataclass(frozen=True, slots=True)
class Coming:
    """A person at a page.

    Attributes:
        viewer: their external id on the page's account.
        device: the device's own anonymous id.
        net: a keyed hash of network and browser, changed every day; None where it says nothing.
        is_snapshot: WeChat invented the identity.
        reference: the mark as it stood in the address.
    """

    viewer: str
    device: str
    net: bytes | None
    is_snapshot: bool
    reference: str
    at: datetime


_SEEN = """
SELECT
    EXISTS (SELECT FROM share_opening WHERE token = %(mark)s AND viewer = %(viewer)s),
    EXISTS (SELECT FROM share_opening WHERE token = %(mark)s AND device = %(device)s AND viewer <> %(viewer)s),
    (SELECT count(*) FROM share_opening WHERE token = %(mark)s AND net = %(net)s
        AND opened_at > %(at)s - make_interval(mins => %(minutes)s)),
    EXISTS (SELECT FROM share_touch WHERE page = %(page)s AND viewer = %(viewer)s
        AND (token IS NOT NULL OR passed_on_at IS NOT NULL))
"""
_TOUCH = """
INSERT INTO share_touch (page, viewer, token, touched_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (page, viewer) DO UPDATE SET token = excluded.token, touched_at = excluded.touched_at
WHERE share_touch.token IS NULL AND share_touch.passed_on_at IS NULL AND excluded.token IS NOT NULL
"""


def open_token(sheet: Sheet, token: Token, coming: Coming) -> Verdict:
    """The opening is judged and counted; what it proves is told as activities."""
    # Whoever writes this row first makes the others wait: two doors never judge the same viewer at once.
    touch(sheet, token.page, coming.viewer, None, coming.at)
    verdict = judge(_seen(sheet, token, coming))
    sheet.tallies[Tally(token.page, token.mark, coming.at.date(), verdict)] += 1
    if verdict in (Verdict.COUNTED, Verdict.LATER, Verdict.BURST):
        sheet.connection.execute(
            "INSERT INTO share_opening (token, viewer, device, net, opened_at) VALUES (%s, %s, %s, %s, %s)",
            (token.mark, coming.viewer, coming.device, coming.net, coming.at),
        )
    if verdict is Verdict.COUNTED:
        touch(sheet, token.page, coming.viewer, token.mark, coming.at)
        _tell(sheet, token, coming)
    return verdict


def touch(sheet: Sheet, page: int, viewer: str, mark: int | None, at: datetime) -> None:
    """It is known through which mark the viewer first came to the page; a visit without one can be followed."""
    sheet.connection.execute(_TOUCH, (page, viewer, mark, at))


def _seen(sheet: Sheet, token: Token, coming: Coming) -> Seen:
    is_own = bool(token.owner) and (token.owner == coming.viewer or token.device == coming.device)
    if is_own or coming.is_snapshot:
        return Seen(is_own=is_own, is_snapshot=coming.is_snapshot)
    asked = {
        "mark": token.mark,
        "page": token.page,
        "viewer": coming.viewer,
        "device": coming.device,
        "net": coming.net if coming.viewer == coming.device else None,
        "at": coming.at,
        "minutes": BURST_MINUTES,
    }
    row = sheet.connection.execute(_SEEN, asked).fetchone()
    assert row is not None
    return Seen(False, False, *row)


def _tell(sheet: Sheet, token: Token, coming: Coming) -> None:
    about = {
        "platform": token.platform,
        "account": token.account,
        "content": token.content,
        "campaign": token.campaign,
        "happened_at": coming.at,
        "reference": coming.reference,
    }
    through = token.owner or None
    opened = _row(about, Kind.OPENED, coming.viewer, through, f"{token.mark}\0{coming.viewer}")
    sheet.told.append(opened)
    if token.owner and _passed_on_now(sheet, token, coming.at):
        from_whom = token.parent_owner if token.parent_owner not in ("", token.owner) else None
        kind = Kind.RESHARED if from_whom else Kind.SHARED
        sheet.told.append(_row(about, kind, token.owner, from_whom, f"{token.page}\0{token.owner}"))


def _passed_on_now(sheet: Sheet, token: Token, at: datetime) -> bool:
    """Whether this is the first proof that the owner passed the page on."""
    marked = sheet.connection.execute(
        "UPDATE share_touch SET passed_on_at = %s WHERE page = %s AND viewer = %s AND passed_on_at IS NULL "
        "RETURNING page",
        (at, token.page, token.owner),
    )
    return marked.fetchone() is not None


def _row(about: dict[str, Any], kind: Kind, actor: str, through: str | None, identity: str) -> Row:
    return about | {
        "kind": kind.value,
        "actor": actor,
        "through": through,
        "key": activity_key(kind, identity),
    }


def activity_key(kind: Kind, identity: str) -> bytes:
    """The 16 bytes under which what a page tells is counted once."""
    return hashlib.blake2b(f"pages\0{kind.value}\0{identity}".encode(), digest_size=16).digest()
