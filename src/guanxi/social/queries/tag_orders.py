"""Which tags platforms must still be told of, in batches that one call each can tell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from guanxi.records.databases import SOCIAL, raw

ORDERS_MAX = 5_000
_Told = tuple[str, str, str, str, bool]
_WAITING = """
SELECT a.platform, a.name, t.external_id, t.name, f.external_id, o.fan, o.tag, o.wanted, o.id
FROM (SELECT * FROM tag_order WHERE state = 'waiting' ORDER BY id LIMIT %s) o
JOIN tag t ON t.id = o.tag JOIN account a ON a.id = t.account_id JOIN fan f ON f.id = o.fan ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class TagBatch:
    """People on one account who shall carry a tag, or no longer."""

    platform: str
    account: str
    tag: str
    name: str
    wanted: bool
    addresses: tuple[str, ...]
    orders: tuple[int, ...]


def waiting_batches() -> tuple[TagBatch, ...]:
    """The orders that wait; the last word on a fan and tag is told, earlier ones are settled with it."""
    rows = raw(SOCIAL).execute(_WAITING, (ORDERS_MAX,)).fetchall()
    orders: dict[tuple[int, int], list[int]] = defaultdict(list)
    last = {}
    for *told, fan, tag, wanted, order in rows:
        orders[tag, fan].append(order)
        last[tag, fan] = (*told, wanted)
    batches: dict[_Told, tuple[list[str], list[int]]] = defaultdict(lambda: ([], []))
    for place, (platform, account, external_id, name, address, wanted) in last.items():
        addresses, settled = batches[platform, account, external_id, name, wanted]
        addresses.append(address)
        settled.extend(orders[place])
    return tuple(
        TagBatch(platform, account, external_id, name, wanted, tuple(addresses), tuple(settled))
        for (platform, account, external_id, name, wanted), (addresses, settled) in batches.items()
    )
