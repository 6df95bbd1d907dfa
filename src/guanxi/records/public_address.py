"""Under which address the outside reaches the front door, and which hosts are ours while nobody has said.

Refuses an address that is more than scheme, host and port, or plain http elsewhere than on this machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import psycopg

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.reasons import Refused

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?")
_NAME = "public_address"


def fitted_address(written: str) -> str:
    """The address as it is kept; empty for none.

    >>> fitted_address(" https://Hear.Brand.example/ ")
    'https://hear.brand.example'
    """
    text = written.strip().rstrip("/").lower()
    if not text:
        return ""
    scheme, _, place = text.partition("://")
    fits = _HOST.fullmatch(place)
    secure = scheme == "https" or (scheme == "http" and fits is not None and fits[1] in LOCAL_HOSTS)
    if not (fits and secure):
        raise Refused("public_address_unfit", written[:100])
    return text


def set_public_address(actor: Actor, written: str) -> str:
    """Every address that we give to others begins with this one, at the door within five seconds; as it is kept."""
    require(actor, Permission.CHANGE_SETTINGS)
    address = fitted_address(written)
    with transaction(RELATIONSHIP) as connection:
        connection.execute(
            "INSERT INTO house_setting (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_NAME, address),
        )
        record(RELATIONSHIP, actor, "public_address_set", "house", {"address": address})
    return address


def public_address(connection: psycopg.Connection[Any] | None = None) -> str:
    """The address that somebody set; empty where nobody did.

    Args:
        connection: to the database ``relationship``; without one, Django's own.
    """
    asked = (connection or raw(RELATIONSHIP)).execute(
        "SELECT value FROM house_setting WHERE name = %s", (_NAME,)
    )
    found = asked.fetchone()
    return str(found[0]) if found else ""


def known_hosts() -> tuple[str, ...]:
    """The hosts that the environment calls ours (``GUANXI_HOSTS``, ``GUANXI_FRONT_DOOR``), and this machine's."""
    stated = urlsplit(os.environ.get("GUANXI_FRONT_DOOR", "")).hostname
    return (*os.environ.get("GUANXI_HOSTS", "").lower().split(), *((stated,) if stated else ()), *LOCAL_HOSTS)


def is_known(written: str, hosts: Sequence[str]) -> bool:
    """Whether what a request calls our host is one of them, on whatever port.

    >>> is_known("Hear.brand.example:8443", [".brand.example"]), is_known("evil.example", ["brand.example"])
    (True, False)
    """
    fits = _HOST.fullmatch(written.lower())
    if fits is None:
        return False
    host = fits[1]
    return any(
        one in ("*", host) or (one.startswith(".") and (host.endswith(one) or host == one[1:]))
        for one in hosts
    )
