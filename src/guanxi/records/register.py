"""Finds rows by what platforms call them, and reserves ids for those never heard of.

Knows the shape that fans, customers and contents share: ``id``, ``account_id``, ``key``. Trusts an id
it reserved only after seeing the transaction committed. The caller inserts newcomers and holds the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from psycopg import sql

from guanxi.records.batches import column
from guanxi.records.keys import row_keys
from guanxi.vocabulary.activity import KEY_BYTES
from guanxi.vocabulary.facts import NAME_MAX, VALUE_MAX, clean

Connection = psycopg.Connection[Any]
Ids = NDArray[np.int64]
REMEMBERED_MAX = 2_000_000


class Place(NamedTuple):
    """An account: where an external id means something."""

    platform: str
    account: str


class Newcomer(NamedTuple):
    """A row to insert under an id that is already reserved."""

    id: int
    account: int
    key: bytes
    external_id: str


class Found(NamedTuple):
    """The ids of a column of external ids, 0 where there is none; and who of them is new."""

    ids: Ids
    newcomers: list[Newcomer]


class _Group(NamedTuple):
    account: int
    rows: NDArray[np.intp]
    codes: NDArray[np.int32]
    names: list[str]


def find_accounts(connection: Connection, activities: pa.Table) -> tuple[NDArray[np.int32], dict[int, Place]]:
    """The account of each row, and what every account is called; unheard ones are in the table now."""
    one = column(activities, "platform").dictionary_encode()
    other = column(activities, "account").dictionary_encode()

    width = max(len(other.dictionary), 1)
    codes = one.indices.to_numpy().astype(np.int64) * width + other.indices.to_numpy()
    distinct, inverse = np.unique(codes, return_inverse=True)
    first, second = one.dictionary.to_pylist(), other.dictionary.to_pylist()
    wanted = [_place(first[code // width], second[code % width]) for code in distinct.tolist()]
    known = _accounts(connection)
    missing = [place for place in wanted if place not in known]
    if missing:
        connection.execute(
            "INSERT INTO account (platform, name) SELECT * FROM unnest(%s::text[], %s::text[])"
            " ON CONFLICT DO NOTHING",
            ([p.platform for p in missing], [p.account for p in missing]),
        )
        known = _accounts(connection)
    ids = np.array([known[place] for place in wanted], dtype=np.int32)
    return ids[inverse], {number: place for place, number in known.items()}


def _place(platform: str, account: str) -> Place:
    return Place(clean(platform, NAME_MAX), clean(account, VALUE_MAX))


def _accounts(connection: Connection) -> dict[Place, int]:
    rows = connection.execute("SELECT platform, name, id FROM account")
    return {Place(platform, name): number for platform, name, number in rows}


def reserve(connection: Connection, sequence: str, n: int) -> int:
    """The first of ``n`` numbers that follow each other; only for a caller that holds the digest lock."""
    row = connection.execute(
        "SELECT setval(%(s)s::regclass, nextval(%(s)s::regclass) + %(n)s - 1) - %(n)s + 1",
        {"s": sequence, "n": n},
    ).fetchone()
    assert row is not None
    return int(row[0])


class Register:
    """External ids and the rows that stand for them, remembered up to a bound."""

    def __init__(self, table: str, pepper: bytes, remembered_max: int = REMEMBERED_MAX) -> None:
        self._table = table
        self._pepper = pepper
        self._remembered_max = remembered_max
        self._known: dict[int, dict[str, int]] = {}
        self._remembered = 0
        self._unsure: list[Newcomer] = []
        self._transaction = ""

    def find(
        self,
        connection: Connection,
        places: dict[int, Place],
        accounts: NDArray[np.int32],
        externals: pa.Array,
    ) -> Found:
        """Every external id has an id; newcomers among them are reserved and wait to be inserted."""
        self._settle(connection)
        groups = list(_groups(accounts, externals))
        wanted = [(g.account, name) for g in groups for name in self._missing(g)]
        newcomers = self._learn(connection, places, wanted) if wanted else []
        ids = np.zeros(len(externals), dtype=np.int64)
        for group in groups:
            known = self._known[group.account]
            numbers = np.fromiter((known[name] for name in group.names), np.int64, len(group.names))
            ids[group.rows] = numbers[group.codes]
        return Found(ids, newcomers)

    def _missing(self, group: _Group) -> Iterable[str]:
        known = self._known.setdefault(group.account, {})
        return (name for name in group.names if name not in known)

    def _learn(
        self, connection: Connection, places: dict[int, Place], wanted: list[tuple[int, str]]
    ) -> list[Newcomer]:
        keys: list[bytes] = []
        for account, group in groupby(wanted, itemgetter(0)):
            keys += row_keys(self._pepper, self._table, *places[account], map(itemgetter(1), group))
        found = self._kept(connection, keys)

        unheard = [i for i, key in enumerate(keys) if key not in found]
        first = reserve(connection, f"{self._table}_id_seq", len(unheard)) if unheard else 0
        newcomers = [Newcomer(first + n, wanted[i][0], keys[i], wanted[i][1]) for n, i in enumerate(unheard)]
        found.update((newcomer.key, newcomer.id) for newcomer in newcomers)
        for (account, name), key in zip(wanted, keys, strict=True):
            self._known[account][name] = found[key]
        self._remembered += len(wanted)
        self._unsure += newcomers
        return newcomers

    def _kept(self, connection: Connection, keys: list[bytes]) -> dict[bytes, int]:
        """The ids of those keys that have a row; keys travel as one value, for a list is slow to write."""
        statement = sql.SQL(
            "SELECT f.key, f.id FROM generate_series(0, %(last)s) n JOIN {} f"
            " ON f.key = substring(%(keys)b::bytea FROM n * %(size)s + 1 FOR %(size)s)"
        ).format(sql.Identifier(self._table))
        values = {"keys": b"".join(keys), "size": KEY_BYTES, "last": len(keys) - 1}
        return dict(psycopg.Cursor(connection).execute(statement, values, binary=True).fetchall())

    def _settle(self, connection: Connection) -> None:
        """What an earlier transaction reserved is trusted if it stayed, and forgotten if it did not."""
        row = connection.execute("SELECT pg_current_xact_id()::text").fetchone()
        assert row is not None
        if self._unsure and row[0] != self._transaction:
            if not self._stayed(connection):
                for newcomer in self._unsure:
                    self._known[newcomer.account].pop(newcomer.external_id, None)
            self._unsure = []
        self._transaction = row[0]
        if self._remembered > self._remembered_max and not self._unsure:
            self._known, self._remembered = {}, 0

    def _stayed(self, connection: Connection) -> bool:
        statement = sql.SQL(
            "SELECT pg_xact_status(%s::xid8) = 'committed' AND EXISTS (SELECT FROM {} WHERE id = %s)"
        ).format(sql.Identifier(self._table))
        row = connection.execute(statement, (self._transaction, self._unsure[-1].id)).fetchone()
        return row is not None and bool(row[0])


def _groups(accounts: NDArray[np.int32], externals: pa.Array) -> Iterator[_Group]:
    """The rows of each account that name somebody, their distinct names, and which name each row has."""
    named = externals.fill_null("")
    rows = np.flatnonzero(pc.not_equal(named, "").to_numpy(zero_copy_only=False))
    order = rows[np.argsort(accounts[rows], kind="stable")]
    bounds = np.flatnonzero(np.diff(accounts[order])) + 1
    for part in np.split(order, bounds):
        if len(part):
            encoded = named.take(pa.array(part)).dictionary_encode()
            codes = encoded.indices.to_numpy().astype(np.int32)
            yield _Group(int(accounts[part[0]]), part, codes, encoded.dictionary.to_pylist())
