"""Three databases with a role each, on the embedded server or on the servers that the environment names.

Knows how to reach them and how ORM and SQL share a transaction; none ever spans two of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import connections
from django.db import transaction as django_transaction
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guanxi.records.embedded import socket_folder
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side

RELATIONSHIP = "default"
SOCIAL = "social"
CUSTOMERS = "customers"
ALIASES = (SOCIAL, CUSTOMERS, RELATIONSHIP)


def alias_of(side: Side) -> str:
    """Django's alias of a side's database."""
    return RELATIONSHIP if side is Side.RELATIONSHIP else side.value


def side_of(alias: str) -> Side:
    """The side whose database an alias names."""
    return Side.RELATIONSHIP if alias == RELATIONSHIP else Side(alias)


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach one database as its own role."""

    host: str
    port: str
    name: str
    user: str
    password: str

    def conninfo(self) -> str:
        """The libpq connection string."""
        return make_conninfo(
            host=self.host, port=self.port, dbname=self.name, user=self.user, password=self.password
        )


def external_url(side: Side) -> str | None:
    """The server that the environment names for a side, or None for the embedded one.

    ``GUANXI_DATABASE_URL_CUSTOMERS`` and its like go before ``GUANXI_DATABASE_URL``.
    """
    return os.environ.get(f"GUANXI_DATABASE_URL_{side.value.upper()}") or os.environ.get(
        "GUANXI_DATABASE_URL"
    )


def address(installation: Installation, side: Side) -> Address:
    """Where a side's database is and which role reads it."""
    user = f"guanxi_{side.value}"
    password = installation.secrets.passwords[user] if installation.exists else ""
    url = external_url(side)
    if url is None:
        return Address(str(socket_folder(installation)), "5432", user, user, password)
    named = cast("dict[str, str]", conninfo_to_dict(url))
    prefix = named.get("dbname") or "guanxi"
    return Address(
        named.get("host", "localhost"), named.get("port", "5432"), f"{prefix}_{side.value}", user, password
    )


def admin_conninfo(installation: Installation, side: Side) -> str:
    """How the role that may create databases and roles reaches a side's server."""
    url = external_url(side)
    if url is not None:
        return make_conninfo(url, dbname="postgres")
    password = installation.secrets.passwords["guanxi"]
    return make_conninfo(
        host=str(socket_folder(installation)),
        port="5432",
        dbname="postgres",
        user="guanxi",
        password=password,
    )


def conninfo(alias: str) -> str:
    """The connection string of an alias in the current installation."""
    return address(Installation.current(), side_of(alias)).conninfo()


def raw(alias: str) -> psycopg.Connection[Any]:
    """The psycopg connection under Django's; it takes part in whatever transaction Django has open there."""
    wrapper = connections[alias]
    # Django asks once a request whether the connection still lives, but only where it makes the cursor itself.
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    return cast("psycopg.Connection[Any]", wrapper.connection)


@contextmanager
def transaction(alias: str) -> Iterator[psycopg.Connection[Any]]:
    """One transaction in one database, for ORM and SQL alike; all of it stays or none."""
    with django_transaction.atomic(using=alias):
        yield raw(alias)


def copy_rows(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """The rows are in the table; by COPY, for bulk."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with psycopg.Cursor(connection) as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
