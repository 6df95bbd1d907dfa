"""Makes the three databases and their roles, and brings their tables up to date.

Each role owns its database and may not connect to the others.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.core.management import call_command
from psycopg import sql

from guanxi.records.databases import ALIASES, address, admin_conninfo
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress


def provision(installation: Installation, tell: Progress = SILENT) -> None:
    """Roles, databases and tables are as this version wants them; what was there is kept."""
    for side in Side:
        with psycopg.connect(admin_conninfo(installation, side), autocommit=True) as admin:
            _ensure_role(admin, installation, side)
            _ensure_database(admin, installation, side)
    tell.begin("migrate", len(ALIASES))
    for alias in ALIASES:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
        tell.advance()
    tell.end()


def _ensure_role(admin: psycopg.Connection[Any], installation: Installation, side: Side) -> None:
    wanted = address(installation, side)
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (wanted.user,)).fetchone()
    verb = "ALTER" if known else "CREATE"
    admin.execute(
        sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(wanted.user), sql.Literal(wanted.password)
        )
    )


def _ensure_database(admin: psycopg.Connection[Any], installation: Installation, side: Side) -> None:
    wanted = address(installation, side)
    name, user = sql.Identifier(wanted.name), sql.Identifier(wanted.user)
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (wanted.name,)).fetchone():
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(user))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(name, user))
    admin.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
