"""Writes the reference pages that come from the code: the commands and the named questions.

Run by `make docs`; a test fails when a page is older than the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "src" / "guanxi"
NOTE = "Written by `make docs` from the code; do not edit."


def commands() -> str:
    """The page on the command line."""
    from guanxi.cli.main import app

    parts = ["# Commands", NOTE]
    for name, command in sorted(_leaves(get_command(app), "guanxi")):
        parts += [f"## {name}", (command.help or "").strip(), *_options(command)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
    for word, one in (inner or {}).items():
        yield from _leaves(one, f"{name} {word}")


def _options(command: Any) -> list[str]:
    rows = [f"| `{_spelt(one)}` | {_said(one)} |" for one in command.params]
    return ["\n".join(["| argument | meaning |", "|---|---|", *rows])] if rows else []


def _spelt(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    return ", ".join(parameter.opts) if is_option else parameter.name.upper()


def _said(parameter: Any) -> str:
    return (getattr(parameter, "help", None) or "").replace("|", "\\|").replace("\n", " ")


def questions() -> str:
    """The page on the named analytic questions, by room."""
    parts = ["# Named questions", NOTE]
    for room in sorted({path.parent.parent for path in PACKAGE.glob("*/sql/*.sql")}):
        rows = [f"| `{path.stem}` | {_header(path)} |" for path in sorted(room.glob("sql/*.sql"))]
        parts += [f"## {room.name}", "\n".join(["| question | what it answers |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _header(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    first_code = next(n for n, line in enumerate(lines) if not line.startswith("--"))
    return " ".join(line.removeprefix("--").strip() for line in lines[:first_code]).replace("|", "\\|")


PAGES = {"commands.md": commands, "questions.md": questions}


def write() -> None:
    """Every reference page is as the code is now."""
    folder = HERE / "reference"
    folder.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
