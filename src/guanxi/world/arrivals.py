"""Messages that truly arrived, as the world meets them: whom each reached, how many the fan had before.

Whatever is drawn for a message depends on the message and the seed alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.vocabulary.reasons import Refused
from guanxi.world.brand import ACCOUNTS, World
from guanxi.world.people import Floats, People
from guanxi.world.text import Ints, picked, uniform

RECEIVED = ("platform", "account", "fan", "campaign", "message", "sent_at")


@dataclass(frozen=True)
class Arrivals:
    """Messages to the fans of one block, in order of fan and sending.

    ``row`` is its place in the mail, ``place`` the fan's in the block, ``item`` what chance is drawn from.
    """

    row: Ints
    place: Ints
    item: Ints
    sent: Ints
    before: Ints

    def chance(self, world: World, purpose: int) -> Floats:
        """One number in [0, 1) for each message and purpose."""
        return uniform(self.item, world.seed * 16 + purpose + 1)


def mail_of(received: pa.Table) -> pa.Table:
    """The messages in order of sending, with one key a fan; refused where a column is missing."""
    for name in RECEIVED:
        if name not in received.column_names:
            raise Refused("column_missing", name)
    fan = [pc.cast(received[name], pa.string()) for name in ("platform", "account", "fan")]
    message = pc.cast(received["message"], pa.string())
    moments = pc.cast(received["sent_at"], pa.timestamp("us", tz="UTC"))
    table = pa.table(
        {
            "key": pc.binary_join_element_wise(*fan, "\x1f"),
            "message": message,
            "campaign": pc.cast(received["campaign"], pa.string()),
            "item": pa.array([_item(text) for text in message.to_pylist()], pa.int64()),
            "sent": pc.cast(moments, pa.int64()),
        }
    )
    return table.sort_by([("sent", "ascending"), ("message", "ascending")])


def _item(message: str) -> int:
    return int.from_bytes(hashlib.blake2b(message.encode(), digest_size=8).digest(), "big") >> 1


def arrivals(fans: People, ids: pa.Array, mail: pa.Table) -> Arrivals:
    """Those of the messages that reached fans of this block."""
    platform = picked(tuple(account.platform for account in ACCOUNTS), fans.account)
    account = picked(tuple(account.name for account in ACCOUNTS), fans.account)
    keys = pc.binary_join_element_wise(platform, account, ids, "\x1f")
    found = pc.fill_null(pc.index_in(mail["key"], keys), -1).to_numpy().astype(np.int64)
    row = np.flatnonzero(found >= 0)
    row = row[np.argsort(found[row], kind="stable")]
    place = found[row]
    _, first, count = np.unique(place, return_index=True, return_counts=True)
    before = np.arange(len(place)) - np.repeat(first, count)
    return Arrivals(row, place, mail["item"].to_numpy()[row], mail["sent"].to_numpy()[row], before)
