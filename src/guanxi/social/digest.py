"""Turns heard activities into fans, contents, groups, tags, notices and engagements, in the open transaction.

Whatever the order, lateness or batching of activities, records come out the same. Orders are no business
of this side and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.lake.store import Lake
from guanxi.listen.ports import Queue
from guanxi.listen.publish import publish
from guanxi.records.batches import column, digest_alone, plain_rows
from guanxi.records.databases import SOCIAL
from guanxi.records.register import Ids, Register, find_accounts, reserve
from guanxi.social.belonging import Belonging
from guanxi.social.contents import write_contents
from guanxi.social.engagements import engagement_rows, numbered
from guanxi.social.fans import write_fans
from guanxi.social.forgetting import remember_revocations
from guanxi.social.news import TELLING, news_of
from guanxi.social.readings import reading_rows
from guanxi.social.revoking import revocations
from guanxi.social.tables import ENGAGEMENT, READING
from guanxi.social.ways_kept import learn_ways, of_platforms_with_ways
from guanxi.vocabulary.activity import BUYING, EITHER, Kind
from guanxi.vocabulary.ids import Side

Connection = psycopg.Connection[Any]

_INBOX = Queue(SOCIAL)
_BUYING = pa.array(sorted(BUYING), pa.string())
_TELLING = pa.array(TELLING, pa.string())
_REVOKED = pa.array([Kind.REVOKED.value], pa.string())
_TELLS = ("fan", "kind", "platform", "happened_at", "traits")
_CONSENT = pa.array(sorted(EITHER), pa.string())
_FOLLOW = pa.array([Kind.FOLLOWED, Kind.UNFOLLOWED], pa.string())


class SocialDigest:
    """The consumer that makes the social records and facts.

    Args:
        pepper: the installation's secret under which people's keys are hashed.
        name: the cursor's name.
        queue: what it reads; another one than the inbox for what a mixed source published.
    """

    target = SOCIAL

    def __init__(self, pepper: bytes, name: str = "social", queue: Queue = _INBOX) -> None:
        self.name = name
        self.queue = queue
        self._pepper = pepper
        self._fans = Register("fan", pepper)
        self._contents = Register("content", pepper)
        self._belonging = Belonging(pepper)

    def apply(self, connection: Connection, rows: pa.Table) -> None:
        """Everything the activities tell of is in the records and the lake once the transaction commits."""
        activities = rows.filter(pc.invert(pc.is_in(rows["kind"], _BUYING))).combine_chunks()
        if not activities.num_rows:
            return
        recorded_at = digest_alone(connection)
        accounts, fans, throughs, contents = self._resolve(connection, activities)
        facts = engagement_rows(activities, pa.array(accounts), fans, throughs, contents, recorded_at)
        if facts.num_rows:
            first = reserve(connection, "engagement_seq", facts.num_rows)
            _keep(connection, numbered(facts, first))
        states = learn_ways(connection, activities, fans, recorded_at)
        _publish(connection, activities, fans, states)

    def _resolve(
        self, connection: Connection, activities: pa.Table
    ) -> tuple[np.ndarray[Any, np.dtype[np.int32]], Ids, Ids, Ids]:
        """Accounts, fans, those through whom, and contents of the rows; whoever is new is written."""
        accounts, places = find_accounts(connection, activities)
        people = pa.concat_arrays([column(activities, "actor"), column(activities, "through")])
        found = self._fans.find(connection, places, np.tile(accounts, 2), people)
        fans, throughs = np.split(found.ids, 2)
        revoking = revocations(_told(activities, fans, _REVOKED, ("fan", "happened_at", "traits")))
        remember_revocations(connection, revoking)
        news = news_of(_told(activities, fans, _TELLING, _TELLS))
        write_fans(connection, self._pepper, found.newcomers, news, revoking)
        self._belonging.learn(connection, places, accounts, activities, fans)
        contents = self._contents.find(connection, places, accounts, column(activities, "content"))
        write_contents(connection, contents.newcomers, _published(activities, contents.ids))
        return accounts, fans, throughs, contents.ids


def _keep(connection: Connection, heard: pa.Table) -> None:
    """Engagements are in the lake, and beside them how deep was read, where it was told."""
    lake, facts = Lake(Side.SOCIAL), heard.drop_columns("traits")
    lake.append(connection, ENGAGEMENT, facts)
    depths = reading_rows(facts, column(heard, "traits"))
    if depths.num_rows:
        lake.append(connection, READING, depths)


def _told(
    activities: pa.Table, fans: Ids, kinds: pa.Array, columns: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """The columns of those activities of the kinds that somebody did."""
    telling = activities.append_column("fan", pa.array(fans)).filter(
        pc.and_(pc.is_in(activities["kind"], kinds), pa.array(fans != 0))
    )
    return plain_rows(telling, columns)


def _published(activities: pa.Table, contents: Ids) -> Iterator[tuple[Any, ...]]:
    publications = activities.append_column("content_id", pa.array(contents)).filter(
        pc.and_(pc.equal(activities["kind"], Kind.PUBLISHED.value), pa.array(contents != 0))
    )
    return plain_rows(publications, ("content_id", "happened_at", "traits"))


def _publish(connection: Connection, activities: pa.Table, fans: Ids, states: pa.Table) -> None:
    """Consents and follows are there for the relationship database to follow; ``states`` of who follows in ways."""
    rows = activities.append_column("ref", pa.array(fans)).filter(pa.array(fans != 0))
    columns = ["ref", "key", "kind", "happened_at", "reference", "traits"]
    publish(connection, "consent", rows.filter(pc.is_in(rows["kind"], _CONSENT)).select(columns))
    follows = pc.and_(pc.is_in(rows["kind"], _FOLLOW), pc.invert(of_platforms_with_ways(rows)))
    publish(connection, "follow", rows.filter(follows).select(columns[:4]))
    publish(connection, "follow", states)
