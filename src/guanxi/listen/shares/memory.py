"""What is remembered of everybody who comes in one group, asked at once; what each adds to it for those after them.

Speaks within the open transaction of its caller. The rows of the viewers are locked before anything is read, so that
two doors never judge the same viewer at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from guanxi.listen.shares import tokens
from guanxi.listen.shares.tokens import Token
from guanxi.listen.shares.verdicts import BURST_MINUTES, Seen

Connection = psycopg.Connection[Any]
Cursor = psycopg.Cursor[Any]

_TOUCH = """
INSERT INTO share_touch (page, viewer, token, touched_at)
SELECT DISTINCT ON (page, viewer) page, viewer, NULL::bigint, at
FROM unnest(%b::bigint[], %b::text[], %b::timestamptz[]) WITH ORDINALITY AS q (page, viewer, at, place)
ORDER BY page, viewer, place
ON CONFLICT (page, viewer) DO UPDATE SET token = share_touch.token WHERE false
"""
# A row that is in conflict is locked even where nothing of it is to be changed.
_OPENED = """
SELECT
    EXISTS (SELECT FROM share_opening o WHERE o.token = q.mark AND o.viewer = q.viewer),
    EXISTS (SELECT FROM share_opening o WHERE o.token = q.mark AND o.device = q.device AND o.viewer <> q.viewer),
    (SELECT count(*) FROM share_opening o WHERE o.token = q.mark AND o.net = q.net
        AND o.opened_at > q.at - make_interval(mins => %s))
FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::timestamptz[])
    WITH ORDINALITY AS q (mark, viewer, device, net, at, place) ORDER BY q.place
"""
_TOUCHED = """
SELECT c.page, c.viewer, c.token IS NOT NULL, c.passed_on_at IS NOT NULL
FROM share_touch c JOIN (
    SELECT page, viewer FROM unnest(%b::bigint[], %b::text[]) AS q (page, viewer)
    UNION SELECT page, owner FROM share_token WHERE mark = ANY(%b::bigint[]) AND owner <> ''
) asked USING (page, viewer)
"""


@dataclass(frozen=True, slots=True)
class Coming:
    """A person at a page.

    Attributes:
        page: the number of the stored address.
        mark: through which they came, if through any; it may turn out to be of another page, or nobody's.
        viewer: their external id on the page's account.
        device: the device's own anonymous id.
        net: a keyed hash of network and browser, changed every day; None where it says nothing.
        is_snapshot: WeChat invented the identity.
        reference: the mark as it stood in the address.
    """

    page: int
    mark: int | None
    viewer: str
    device: str
    net: bytes | None
    is_snapshot: bool
    reference: str
    at: datetime

    @property
    def anonymous_net(self) -> bytes | None:
        """The network by which a burst is known: only devices that nobody has named are counted."""
        return self.net if self.viewer == self.device else None


def touch(connection: Connection, visits: Sequence[tuple[int, str, datetime]]) -> None:
    """Each visit can be followed: a page, a viewer and a moment; their rows are locked, in order."""
    connection.execute(_TOUCH, _columns(visits, 3))


class Memory:
    """What is known of those who come; it grows while they are judged one after another."""

    def __init__(self, connection: Connection, comings: Sequence[Coming]) -> None:
        """The database is asked; what it says is read later, so that others may ask along."""
        self._marks = tokens.ask_many(connection, {c.mark for c in comings if c.mark is not None})
        touch(connection, [(c.page, c.viewer, c.at) for c in comings])
        self._opened = connection.execute(
            _OPENED,
            (
                BURST_MINUTES,
                *_columns([(c.mark, c.viewer, c.device, c.anonymous_net, c.at) for c in comings], 5),
            ),
        )
        pages, viewers = _columns([(c.page, c.viewer) for c in comings], 2)
        marks = [c.mark for c in comings if c.mark is not None]
        self._touched = connection.execute(_TOUCHED, (pages, viewers, marks))
        self._facts: list[tuple[bool, bool, int]] = []
        self._tokens: Mapping[int, Token] = {}
        self._came: set[tuple[int, str]] = set()
        self._passed: set[tuple[int, str]] = set()
        self._viewers: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        self._by_net: defaultdict[tuple[int, bytes], list[datetime]] = defaultdict(list)
        self._has_opened: set[tuple[int, str]] = set()

    def read(self) -> None:
        """What the database says is known here."""
        self._tokens = tokens.read_asked(self._marks)
        self._facts = self._opened.fetchall()
        for page, viewer, has_token, has_passed in self._touched:
            if has_token or has_passed:
                self._came.add((page, viewer))
            if has_passed:
                self._passed.add((page, viewer))

    def token(self, coming: Coming) -> Token | None:
        """The mark they came through, where it is one of this page's."""
        found = self._tokens.get(coming.mark) if coming.mark is not None else None
        return found if found is not None and found.page == coming.page else None

    def seen(self, place: int, token: Token, coming: Coming) -> Seen:
        """What is remembered of the one in this place of the group, those before them included."""
        opened, device, burst = self._facts[place]
        others = self._viewers[token.mark, coming.device] - {coming.viewer}
        return Seen(
            is_snapshot=coming.is_snapshot,
            is_own=bool(token.owner) and (token.owner == coming.viewer or token.device == coming.device),
            opened_before=opened or (token.mark, coming.viewer) in self._has_opened,
            device_before=device or bool(others),
            burst=burst + self._burst(token, coming),
            came_before=(token.page, coming.viewer) in self._came,
        )

    def _burst(self, token: Token, coming: Coming) -> int:
        net = coming.anonymous_net
        since = coming.at - timedelta(minutes=BURST_MINUTES)
        return 0 if net is None else sum(at > since for at in self._by_net[token.mark, net])

    def keep_opening(self, token: Token, coming: Coming) -> None:
        """Whoever comes after them is judged by this opening too."""
        self._has_opened.add((token.mark, coming.viewer))
        self._viewers[token.mark, coming.device].add(coming.viewer)
        if coming.net is not None:
            self._by_net[token.mark, coming.net].append(coming.at)

    def keep_coming(self, token: Token, coming: Coming) -> None:
        """They came through this mark, and through no other later."""
        self._came.add((token.page, coming.viewer))

    def proves(self, token: Token) -> bool:
        """Whether nobody was known to have come through the owner before; from now on somebody is."""
        owner = (token.page, token.owner)
        if not token.owner or owner in self._passed:
            return False
        self._passed.add(owner)
        self._came.add(owner)
        return True


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True))) if rows else tuple([] for _ in range(width))
