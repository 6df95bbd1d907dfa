"""Some people came to pages: judged one after another, counted at most once for each mark and viewer, and told as
activities.

Every function speaks within the open transaction of a `Sheet`, and asks and writes once for all of a group. What a
share moved is known from its first opening by somebody else, never from the button that was pressed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from guanxi.listen.rows import Row
from guanxi.listen.shares.book import Sheet, Tally
from guanxi.listen.shares.memory import Coming, Memory
from guanxi.listen.shares.tokens import Token
from guanxi.listen.shares.verdicts import Verdict, judge
from guanxi.vocabulary.activity import Kind

_OPENED = """
INSERT INTO share_opening (token, viewer, device, net, opened_at)
SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::timestamptz[])
"""
_CAME = """
UPDATE share_touch c SET token = q.mark, touched_at = q.at
FROM unnest(%b::bigint[], %b::text[], %b::bigint[], %b::timestamptz[]) AS q (page, viewer, mark, at)
WHERE c.page = q.page AND c.viewer = q.viewer AND c.token IS NULL AND c.passed_on_at IS NULL
"""
_PASSED_ON = """
UPDATE share_touch c SET passed_on_at = q.at
FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[]) AS q (page, owner, at)
WHERE c.page = q.page AND c.viewer = q.owner AND c.passed_on_at IS NULL
RETURNING c.page, c.viewer
"""
_KEPT = (Verdict.COUNTED, Verdict.LATER, Verdict.BURST)


class Openings:
    """What a group's openings change, gathered while they are judged."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._opened: list[tuple[int, str, str, bytes | None, datetime]] = []
        self._came: list[tuple[int, str, int, datetime]] = []
        self._told: list[Row] = []
        self._proofs: list[tuple[Token, Coming]] = []

    def judge(self, place: int, token: Token, coming: Coming) -> Verdict:
        """What becomes of the opening in this place of the group."""
        verdict = judge(self._memory.seen(place, token, coming))
        if verdict in _KEPT:
            self._memory.keep_opening(token, coming)
            self._opened.append((token.mark, coming.viewer, coming.device, coming.net, coming.at))
        if verdict is Verdict.COUNTED:
            self._memory.keep_coming(token, coming)
            self._came.append((token.page, coming.viewer, token.mark, coming.at))
            self._told.append(_opened(token, coming))
            if self._memory.proves(token):
                self._proofs.append((token, coming))
        return verdict

    def write(self, sheet: Sheet) -> None:
        """All of it is in the open transaction."""
        _write(sheet, _OPENED, self._opened)
        # They came before anybody is known to have come through them.
        _write(sheet, _CAME, self._came)
        sheet.told += self._told
        if not self._proofs:
            return
        asked = [(token.page, token.owner, coming.at) for token, coming in self._proofs]
        proven = set(sheet.connection.execute(_PASSED_ON, _columns(asked)).fetchall())
        sheet.told += [_shared(t, c) for t, c in self._proofs if (t.page, t.owner) in proven]


def open_all(sheet: Sheet, comings: Sequence[Coming]) -> list[Token | None]:
    """The openings are judged and counted, in this order; says through which mark of the page each came."""
    memory = Memory(sheet.connection, comings)
    memory.read()
    return judge_all(sheet, memory, comings)


def judge_all(sheet: Sheet, memory: Memory, comings: Sequence[Coming]) -> list[Token | None]:
    """The same, by what is already remembered."""
    openings = Openings(memory)
    through = [memory.token(coming) for coming in comings]
    for place, (token, coming) in enumerate(zip(through, comings, strict=True)):
        if token is not None:
            verdict = openings.judge(place, token, coming)
            sheet.tallies[Tally(token.page, token.mark, coming.at.date(), verdict)] += 1
    openings.write(sheet)
    return through


def _write(sheet: Sheet, statement: LiteralString, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        sheet.connection.execute(statement, _columns(rows))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return list(map(list, zip(*rows, strict=True)))


def _opened(token: Token, coming: Coming) -> Row:
    identity = f"{token.mark}\0{coming.viewer}"
    return _row(token, coming, Kind.OPENED, coming.viewer, token.owner or None, identity)


def _shared(token: Token, coming: Coming) -> Row:
    """What the first opening by somebody else proves of the owner."""
    from_whom = token.parent_owner if token.parent_owner not in ("", token.owner) else None
    kind = Kind.RESHARED if from_whom else Kind.SHARED
    return _row(token, coming, kind, token.owner, from_whom, f"{token.page}\0{token.owner}")


def _row(token: Token, coming: Coming, kind: Kind, actor: str, through: str | None, identity: str) -> Row:
    return {
        "platform": token.platform,
        "account": token.account,
        "content": token.content,
        "campaign": token.campaign,
        "happened_at": coming.at,
        "reference": coming.reference,
        "kind": kind.value,
        "actor": actor,
        "through": through,
        "key": activity_key(kind, identity),
    }


def activity_key(kind: Kind, identity: str) -> bytes:
    """The 16 bytes under which what a page tells is counted once."""
    return hashlib.blake2b(f"pages\0{kind.value}\0{identity}".encode(), digest_size=16).digest()
