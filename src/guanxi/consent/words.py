"""Turns heard activities into words of consent and follows; pure.

What is unclear is read in the person's favour: a withdrawal that names no purpose withdraws them all and one
that names no channel counts on all, while a grant must name both or grants nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from guanxi.consent.purpose import ANY_CHANNEL, Purpose
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.ids import Side, identity

CONSENTS = pa.schema(
    [
        pa.field("identity", pa.int64(), nullable=False),
        pa.field("purpose", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("granted", pa.bool_(), nullable=False),
        pa.field("happened_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ]
)
FOLLOWS = pa.schema(
    [
        pa.field("identity", pa.int64(), nullable=False),
        pa.field("follows", pa.bool_(), nullable=False),
        pa.field("happened_at", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)


def consents_in(side: Side, rows: pa.Table) -> pa.Table:
    """The words of consent in published activities (``ref``, ``kind``, ``happened_at``, ``traits``)."""
    told = zip(*(rows[name].to_pylist() for name in ("ref", "kind", "happened_at", "traits")), strict=True)
    words = [
        {
            "identity": identity(side, ref),
            "purpose": purpose.value,
            "channel": channel,
            "granted": kind == Kind.CONSENTED,
            "happened_at": happened_at,
            "source": side.value,
        }
        for ref, kind, happened_at, traits in told
        for purpose, channel in _meant(kind == Kind.CONSENTED, _object(traits))
    ]
    return pa.Table.from_pylist(words, CONSENTS)


def follows_in(rows: pa.Table) -> pa.Table:
    """Who follows or ceased to, in published activities (``ref``, ``kind``, ``happened_at``)."""
    refs = rows["ref"].to_pylist()
    return pa.table(
        {
            "identity": [identity(Side.SOCIAL, ref) for ref in refs],
            "follows": [kind == Kind.FOLLOWED for kind in rows["kind"].to_pylist()],
            "happened_at": rows["happened_at"],
        },
        FOLLOWS,
    )


def _meant(granted: bool, traits: dict[str, Any]) -> Iterator[tuple[Purpose, str]]:
    word, channel = traits.get("purpose"), traits.get("channel")
    named = [purpose for purpose in Purpose if purpose == word]
    where = channel.strip().lower() if isinstance(channel, str) else ""
    if granted:
        yield from ((purpose, where) for purpose in named if where)
    else:
        yield from ((purpose, where or ANY_CHANNEL) for purpose in named or Purpose)


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
