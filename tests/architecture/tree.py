"""The checkout as the architecture tests see it: tracked and new files, rooms, syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "guanxi"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked or would be: what git ignores is not ours."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return tuple(sorted({ROOT / line for line in listed if (ROOT / line).is_file()}))


def ending(*suffixes: str) -> list[Path]:
    return [path for path in files() if path.suffix in suffixes]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources() -> list[Path]:
    """Our Python: the package, tests, benches; a migration is written by Django."""
    return [path for path in ending(".py") if "migrations" not in path.parts]


def room_sources(room: str) -> list[Path]:
    return [path for path in sources() if path.is_relative_to(PACKAGE / room)]


def definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def imported(path: Path) -> set[str]:
    """Every module that is imported anywhere in the file, by its full name."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names
