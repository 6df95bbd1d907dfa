"""Connections to the three databases."""

from __future__ import annotations

import psycopg
import pytest
from django.db import close_old_connections

from guanxi.records.databases import ALIASES, conninfo, raw
from guanxi.records.installation import Installation


@pytest.mark.parametrize("alias", ALIASES)
def test_the_request_after_a_restart_of_the_database_is_answered(house: Installation, alias: str) -> None:
    (backend,) = raw(alias).execute("SELECT pg_backend_pid()").fetchone() or (0,)
    with psycopg.connect(conninfo(alias), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))
    close_old_connections()  # as Django does before each request
    assert raw(alias).execute("SELECT 1").fetchone() == (1,)
