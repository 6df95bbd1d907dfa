"""Links follow the contact keys of both sides, persons follow links, and the lake mirrors both.

Evidence is read first, without a transaction; what follows from it commits in chunks that can be repeated,
the cursors with the last of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.correlation.components import Codes
from guanxi.correlation.evidence import NAMED, SURENESS
from guanxi.correlation.locks import lock_links
from guanxi.correlation.matching import Found, Reach, find, last_key
from guanxi.correlation.persons import LIVE, codes_of, recompute
from guanxi.correlation.ports import followers
from guanxi.correlation.purposes import THRESHOLDS, Purpose
from guanxi.correlation.tables import LINK, PERSON
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM, Actor
from guanxi.records.columns import copy_columns, copy_in
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.vocabulary.progress import Progress
from guanxi.vocabulary.reasons import Refused

Connection = psycopg.Connection[Any]

CHUNK = 50_000
_FAN = pa.schema([("fan", pa.int64())])
_PAIR = pa.schema([("fan", pa.int64()), ("customer", pa.int64())])


@dataclass(frozen=True)
class LinkReport:
    """What a refresh changed, and what there is now."""

    keys_read: int
    links_made: int
    links_changed: int
    links: int
    persons: int


def refresh_links(engine: Engine, as_of: datetime, tell: Progress) -> LinkReport:
    """Every link has the evidence that the contact keys give, every person follows, and the mirrors agree."""
    cursors = _cursors(raw(RELATIONSHIP))
    news = {alias: Reach(cursors[alias], last_key(alias)) for alias in (SOCIAL, CUSTOMERS)}
    keys_read = sum(reach.end - reach.start for reach in news.values())
    before = _count()
    tell.begin("links")
    changed = _follow_keys(engine, cursors, news, as_of, tell) if keys_read else 0
    tell.end()
    after = _count()
    persons = refresh_mirrors(engine, as_of)
    return LinkReport(keys_read, after - before, changed - (after - before), after, persons)


def _follow_keys(
    engine: Engine, cursors: dict[str, int], news: dict[str, Reach], as_of: datetime, tell: Progress
) -> int:
    """Links agree with all keys up to the news' end, chunk by chunk; says how many were new or changed."""
    changed = 0
    chunks = list(_chunks(find(engine, news)))
    for place, chunk in enumerate(chunks):
        with transaction(RELATIONSHIP) as connection:
            lock_links(connection)
            if _cursors(connection) != cursors:
                raise Refused("links_moved_meanwhile")
            changed += _apply(connection, chunk, as_of)
            if place == len(chunks) - 1:
                _move(connection, news)
        if place == 0 and len(chunks) > 1:
            # A table that has just grown from nothing is planned for as if it were empty.
            raw(RELATIONSHIP).execute("ANALYZE link, person_member")
        tell.advance(chunk.pairs.num_rows)
    return changed


def refresh_mirrors(engine: Engine, as_of: datetime) -> int:
    """The lake holds the live links and persons; says how many persons, by the looser threshold."""
    live = " UNION ALL ".join(
        f"SELECT fan, customer, '{purpose}', probability, state FROM link WHERE {LIVE}"  # noqa: S608
        for purpose in Purpose
    )
    thresholds = [THRESHOLDS[purpose] for purpose in Purpose]
    connection = raw(RELATIONSHIP)
    engine.offer("link_rows", copy_columns(connection, live, LINK.schema, thresholds))
    engine.derive(LINK, "SELECT * FROM link_rows ORDER BY purpose, fan, customer", as_of)
    question = "SELECT purpose, person, identity FROM person_member"
    rows = copy_columns(connection, question, PERSON.schema)
    engine.offer("person_rows", rows)
    engine.derive(PERSON, "SELECT * FROM person_rows ORDER BY purpose, person, identity", as_of)
    contact = rows.filter(pc.equal(rows["purpose"], Purpose.CONTACT.value))
    return int(pc.count_distinct(contact["person"]).as_py())


def _chunks(found: Found) -> Iterator[Found]:
    """The pairs in pieces of whole fans; at least one piece, so that the cursors move."""
    pair_fans = found.pairs["fan"].to_numpy()
    fans = np.union1d(pair_fans, _linked_fans(found.fans))
    for start in range(0, max(len(fans), 1), CHUNK):
        piece = fans[start : start + CHUNK]
        if len(piece) == 0:
            yield Found(piece, found.pairs.slice(0, 0))
            return
        first, last = (
            np.searchsorted(pair_fans, piece[0]),
            np.searchsorted(pair_fans, piece[-1], side="right"),
        )
        yield Found(piece, found.pairs.slice(int(first), int(last - first)))


def _linked_fans(among: Codes | None) -> Codes:
    chosen = "" if among is None else "WHERE fan = ANY(%s)"
    values = [] if among is None else [among.tolist()]
    question = f"SELECT DISTINCT fan FROM link {chosen}"  # noqa: S608
    linked: Codes = copy_columns(raw(RELATIONSHIP), question, _FAN, values)["fan"].to_numpy()
    return linked


def _apply(connection: Connection, chunk: Found, as_of: datetime) -> int:
    assert chunk.fans is not None
    touched = _write_pairs(connection, chunk.pairs, chunk.fans, as_of)
    if touched.num_rows:
        spread(connection, codes_of(touched["fan"].to_numpy(), touched["customer"].to_numpy()), SYSTEM, as_of)
    return int(touched.num_rows)


def spread(connection: Connection, touched: Codes, actor: Actor, booked_at: datetime) -> None:
    """Persons, and everyone who follows them, agree with the links of the touched identities."""
    for purpose in Purpose:
        change = recompute(connection, purpose, touched)
        if len(change.joined) or len(change.parted):
            for follower in followers():
                follower.follow(connection, actor, change, booked_at)


def _write_pairs(connection: Connection, pairs: pa.Table, fans: Codes, as_of: datetime) -> pa.Table:
    """Links are as found, says which changed; what somebody named stays evidence, decisions stay."""
    connection.execute(
        "CREATE TEMP TABLE found_pair (fan bigint, customer bigint, probability float8, evidence jsonb) "
        "ON COMMIT DROP"
    )
    copy_in(connection, "found_pair", pairs)
    connection.execute(
        "INSERT INTO found_pair SELECT fan, customer, 0, '[]' FROM link l WHERE fan = ANY(%s) AND NOT EXISTS "
        "(SELECT 1 FROM found_pair p WHERE p.fan = l.fan AND p.customer = l.customer)",
        (fans.tolist(),),
    )
    connection.execute(_KEEP_NAMED, {"kind": NAMED, "sureness": SURENESS[NAMED]})
    connection.execute("CREATE TEMP TABLE touched_pair (fan bigint, customer bigint) ON COMMIT DROP;")
    connection.execute(_UPSERT, {"as_of": as_of})
    return copy_columns(connection, "SELECT fan, customer FROM touched_pair", _PAIR)


_KEEP_NAMED = """
UPDATE found_pair p SET
    evidence = p.evidence || jsonb_build_array(
        jsonb_build_object('kind', %(kind)s::text, 'crowd', 1, 'probability', %(sureness)s::float8)),
    probability = round((1 - (1 - p.probability) * (1 - %(sureness)s))::numeric, 6)::float8
FROM link l WHERE l.fan = p.fan AND l.customer = p.customer AND l.named
"""

_UPSERT = """
WITH written AS (
    INSERT INTO link (fan, customer, state, probability, evidence, named, made_at,
                      decided_by, reason, undone_from, refused_kinds)
    SELECT fan, customer, 'proposed', probability, evidence, false, %(as_of)s, '', '', '', '[]'
    FROM found_pair ORDER BY fan, customer
    ON CONFLICT (fan, customer) DO UPDATE
        SET probability = EXCLUDED.probability, evidence = EXCLUDED.evidence
        WHERE link.evidence IS DISTINCT FROM EXCLUDED.evidence
    RETURNING fan, customer
)
INSERT INTO touched_pair SELECT fan, customer FROM written
"""


def _cursors(connection: Connection) -> dict[str, int]:
    rows = connection.execute("SELECT side, position FROM link_cursor").fetchall()
    return {SOCIAL: 0, CUSTOMERS: 0, **dict(rows)}


def _move(connection: Connection, news: dict[str, Reach]) -> None:
    for alias, reach in news.items():
        connection.execute(
            "INSERT INTO link_cursor (side, position) VALUES (%s, %s) "
            "ON CONFLICT (side) DO UPDATE SET position = EXCLUDED.position",
            (alias, reach.end),
        )


def _count() -> int:
    row = raw(RELATIONSHIP).execute("SELECT count(*) FROM link").fetchone()
    assert row is not None
    return int(row[0])
