"""Finds the benches of a checkout and runs one."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import guanxi
from guanxi.vocabulary.reasons import Refused


def run_bench(name: str, scale: int | None, as_json: bool, existing: Path | None = None) -> None:
    """The bench's table, or its JSON object, is printed."""
    root = Path(guanxi.__file__).parents[2]
    if not (root / "bench" / "harness.py").exists():
        raise Refused("no_checkout")
    if not (root / "bench" / f"{name}.py").exists() or name == "harness":
        known = sorted(p.stem for p in (root / "bench").glob("*.py") if p.stem != "harness")
        raise Refused("no_such_bench", f"{name} (there are: {', '.join(known)})")
    sys.path.insert(0, str(root / "bench"))
    import_module("harness").main(name, scale, as_json, existing)
