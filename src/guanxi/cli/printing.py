"""Reports on standard output: a table for people, one JSON object for programs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table


def as_plain(value: Any) -> Any:
    """The value in JSON's own kinds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): as_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def report(value: Any, as_json: bool, title: str = "") -> None:
    """The report is printed: names and numbers in two columns, or one JSON object."""
    plain = as_plain(value)
    if as_json:
        Console(soft_wrap=True).print(json.dumps(plain, ensure_ascii=False), markup=False, highlight=False)
        return
    table = Table(title=title or None, show_header=False, box=None, pad_edge=False, title_justify="left")
    for name, shown in plain.items():
        table.add_row(str(name).replace("_", " "), _shown(shown))
    Console().print(table)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k.replace('_', ' ')} {_shown(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(v) for v in value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "unknown"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.3f}" if isinstance(value, float) else str(value)
