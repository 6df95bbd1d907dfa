"""Sizes at which one stops; the aims lie well below."""

import ast

import tree

LINES_MAX = 400
FUNCTION_LINES_MAX = 40


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    measured = {tree.short(path): len(path.read_text().splitlines()) for path in _measured_files()}
    assert {name: lines for name, lines in measured.items() if lines > LINES_MAX} == {}


def _measured_files() -> list[tree.Path]:
    written = [p for p in tree.ending(".css", ".html", ".js", ".mjs", ".sql") if "migrations" not in p.parts]
    return [*tree.sources(), *written]


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{tree.short(path)}::{node.name}": node.end_lineno - node.lineno + 1
        for path in tree.sources()
        for node in tree.definitions(path)
        if not isinstance(node, ast.ClassDef) and node.end_lineno is not None
    }
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LINES_MAX} == {}
