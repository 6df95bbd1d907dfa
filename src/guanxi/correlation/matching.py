"""Finds who shares a key: contact keys of both databases are read, joined in memory, turned into evidence.

Reads keyed hashes only and writes nothing. Small news reads only what it touches; a first build reads
everything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.correlation.components import Codes
from guanxi.correlation.evidence import CROWD_MAX, KEY_KINDS, Evidence, as_rows, combined
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.columns import copy_columns
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw

Connection = psycopg.Connection[Any]

WHOLE_FROM = 100_000
_KEYS = pa.schema([("ref", pa.int64()), ("account", pa.int64()), ("kind", pa.string()), ("key", pa.string())])
_NAMES = pa.schema([("kind", pa.string()), ("key", pa.string())])
_PEOPLE = {SOCIAL: "fan", CUSTOMERS: "customer"}


@dataclass(frozen=True)
class Reach:
    """Which contact keys of a side are news: after ``start``, up to and with ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """Pairs that share a key, ordered by fan and customer, with all their evidence.

    Attributes:
        fans: every fan whose pairs were looked for; a pair of theirs that is missing has no evidence any
            more. None: all.
        pairs: fan, customer, probability, evidence (JSON text).
    """

    fans: Codes | None
    pairs: pa.Table


def last_key(alias: str) -> int:
    """The newest contact key of a side, 0 before the first."""
    row = raw(alias).execute("SELECT coalesce(max(id), 0) FROM contact_key").fetchone()
    assert row is not None
    return int(row[0])


def find(engine: Engine, news: dict[str, Reach]) -> Found:
    """All evidence of every fan that a new key of either side can concern."""
    if sum(reach.end - reach.start for reach in news.values()) >= WHOLE_FROM:
        return Found(None, _pairs(engine, *(_holders(alias, None) for alias in (SOCIAL, CUSTOMERS))))
    fresh = pa.concat_tables([_new_keys(alias, reach) for alias, reach in news.items()])
    fans = np.unique(_holders(SOCIAL, fresh)["ref"].to_numpy())
    keys = _keys_of_fans(fans)
    pairs = _pairs(engine, _holders(SOCIAL, keys), _holders(CUSTOMERS, keys))
    ours = pc.is_in(pairs["fan"], value_set=pa.array(fans, type=pa.int64()))
    return Found(fans, pairs.filter(ours))


def _new_keys(alias: str, reach: Reach) -> pa.Table:
    question = (
        "SELECT DISTINCT kind, encode(key, 'hex') FROM contact_key "
        "WHERE id > %s AND id <= %s AND kind = ANY(%s)"
    )
    return copy_columns(raw(alias), question, _NAMES, (reach.start, reach.end, list(KEY_KINDS)))


def _keys_of_fans(fans: Codes) -> pa.Table:
    question = (
        "SELECT DISTINCT kind, encode(key, 'hex') FROM contact_key WHERE ref = ANY(%s) AND kind = ANY(%s)"
    )
    return copy_columns(raw(SOCIAL), question, _NAMES, (fans.tolist(), list(KEY_KINDS)))


def _holders(alias: str, keys: pa.Table | None) -> pa.Table:
    """Who on a side holds any of the keys (None: whatever key), on which account."""
    wanted, values = "k.kind = ANY(%s)", [list(KEY_KINDS)]
    if keys is not None:
        wanted = (
            "(k.kind, k.key) IN (SELECT n, decode(h, 'hex') FROM unnest(%s::text[], %s::text[]) AS u (n, h))"
        )
        values = [keys["kind"].to_pylist(), keys["key"].to_pylist()]
    question = (
        "SELECT k.ref, coalesce(p.account_id, 0), k.kind, encode(k.key, 'hex') FROM contact_key k "  # noqa: S608
        f"LEFT JOIN {_PEOPLE[alias]} p ON p.id = k.ref WHERE {wanted}"
    )
    return copy_columns(raw(alias), question, _KEYS, values)


def _pairs(engine: Engine, fan_keys: pa.Table, customer_keys: pa.Table) -> pa.Table:
    engine.offer("fan_key", fan_keys)
    engine.offer("customer_key", customer_keys)
    matches = engine.ask(sql("guanxi.correlation", "matches"), crowd_max=CROWD_MAX)
    return judged(matches)


def judged(matches: pa.Table) -> pa.Table:
    """Matches (a crowd for each kind of key, 0 where it is not shared) with probability and evidence.

    The rule is asked once for each distinct pattern of crowds, of which there are few, never once for each
    pair.
    """
    code = np.zeros(matches.num_rows, dtype=np.int64)
    for kind in KEY_KINDS:
        code = code * (CROWD_MAX + 1) + matches[kind].to_numpy()
    patterns, which = np.unique(code, return_inverse=True)
    evidence = [_evidence_of(int(pattern)) for pattern in patterns]
    probabilities = pa.array([combined(each) for each in evidence], type=pa.float64())
    texts = pa.array([json.dumps(as_rows(each)) for each in evidence], type=pa.string())
    return pa.table(
        {
            "fan": matches["fan"],
            "customer": matches["customer"],
            "probability": probabilities.take(pa.array(which)),
            "evidence": texts.take(pa.array(which)),
        }
    )


def _evidence_of(pattern: int) -> list[Evidence]:
    evidence: list[Evidence] = []
    for kind in reversed(KEY_KINDS):
        pattern, crowd = divmod(pattern, CROWD_MAX + 1)
        if crowd:
            evidence.append(Evidence(kind, crowd))
    return evidence
