"""What a sending room must look up on the social side: accounts, and where fans can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.records.databases import SOCIAL, raw


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a fan is reached, their name there, and the keyed hashes under which they may be suppressed."""

    account: str
    address: str
    name: str
    keys: frozenset[bytes]


def account_ids(platform: str, account: str) -> list[int]:
    """The social side's ids of the brand's accounts on a platform, or of the one that is named."""
    rows = raw(SOCIAL).execute(
        "SELECT id FROM account WHERE platform = %s AND (name = %s OR %s = '') ORDER BY id",
        (platform, account, account),
    )
    return [id for (id,) in rows]


def reaches(fans: Iterable[int]) -> dict[int, Reach]:
    """Where each of the fans is reached; those who are no longer known are left out."""
    rows = raw(SOCIAL).execute(
        "SELECT f.id, a.name, f.external_id, f.name, f.key, "
        "(SELECT array_agg(c.key) FROM contact_key c WHERE c.ref = f.id) "
        "FROM fan f JOIN account a ON a.id = f.account_id WHERE f.id = ANY(%s)",
        (list(fans),),
    )
    return {
        fan: Reach(account, address, name, frozenset(map(bytes, [key, *(keys or [])])))
        for fan, account, address, name, key, keys in rows
    }
