"""Analytic questions by name: a room's `sql/<name>.sql`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(room: str, name: str) -> str:
    """The text of a room's named question, such as ``sql("guanxi.influence", "ties")``."""
    return (files(room) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
