"""The brand's own page addresses: the only places to which a viewer is ever sent.

Refuses what is no plain https address (http only on this machine), so that no link of ours is an open door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import psycopg

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, conninfo, raw, transaction
from guanxi.vocabulary.reasons import Refused

_LENGTH_MAX = 1_000
_HERE = {"localhost", "127.0.0.1", "[::1]"}


@dataclass(frozen=True, slots=True)
class PageRow:
    """An address that is allowed, by whom and since when."""

    id: int
    address: str
    allowed_at: datetime
    allowed_by: str


def page_address(written: str) -> str:
    """The address as it is kept; refused where it is not plainly one page of the web.

    >>> page_address(" https://Brand.example/spring?x=1 ")
    'https://brand.example/spring?x=1'
    """
    text = written.strip()
    if not text or len(text) > _LENGTH_MAX or not text.isascii() or not text.isprintable() or " " in text:
        raise Refused("page_address_unfit", written[:100])
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("page_address_unfit", text[:100]) from None
    local = f"[{host}]" if host and ":" in host else host
    secure = parts.scheme == "https" or (parts.scheme == "http" and local in _HERE)
    if not host or not secure or "@" in parts.netloc or "\\" in text:
        raise Refused("page_address_unfit", text[:100])
    return parts._replace(netloc=parts.netloc.lower(), fragment="").geturl()


def allow_page(actor: Actor, written: str, allowed_at: datetime) -> int:
    """Viewers may be sent to the address; its number, the same however often it is allowed."""
    require(actor, Permission.CHANGE_SETTINGS)
    address = page_address(written)
    with transaction(RELATIONSHIP) as connection:
        row = connection.execute(
            "INSERT INTO page_address (address, allowed_at, allowed_by) VALUES (%s, %s, %s) "
            "ON CONFLICT (address) DO UPDATE SET withdrawn_at = NULL RETURNING id",
            (address, allowed_at, actor.name),
        ).fetchone()
        assert row is not None
        record(RELATIONSHIP, actor, "page_allowed", f"page:{row[0]}", {"address": address})
        return int(row[0])


def withdraw_page(actor: Actor, page: int, withdrawn_at: datetime) -> None:
    """Nobody is sent to the address any more, within five seconds."""
    require(actor, Permission.CHANGE_SETTINGS)
    with transaction(RELATIONSHIP) as connection:
        changed = connection.execute(
            "UPDATE page_address SET withdrawn_at = %s WHERE id = %s AND withdrawn_at IS NULL",
            (withdrawn_at, page),
        )
        if not changed.rowcount:
            raise Refused("no_such_page", str(page))
        record(RELATIONSHIP, actor, "page_withdrawn", f"page:{page}")


def pages(actor: Actor) -> tuple[PageRow, ...]:
    """The allowed addresses, the latest first."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = raw(RELATIONSHIP).execute(
        "SELECT id, address, allowed_at, allowed_by FROM page_address WHERE withdrawn_at IS NULL "
        "ORDER BY id DESC"
    )
    return tuple(PageRow(*row) for row in found.fetchall())


def read_pages() -> dict[int, str]:
    """The allowed addresses by number; for the door's `Snapshot`."""
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        rows = connection.execute("SELECT id, address FROM page_address WHERE withdrawn_at IS NULL")
        return {int(number): str(address) for number, address in rows.fetchall()}
