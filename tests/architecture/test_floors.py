"""The house stands on its floors, and every room keeps the same few habits."""

import ast

import pytest
import tree
from importlinter.cli import lint_imports

# Rooms whose whole purpose is PostgreSQL or Django: any of their modules may speak to it.
RECORD_KEEPERS = {"records", "lake", "listen", "console", "api", "cli", "site", "composition"}
ORM_MODULES = {"models", "actions", "queries", "admin", "apps", "migrations"}
ORM_IMPORTS = ("django.db", "django.contrib", "django.apps")


def test_a_room_imports_only_the_rooms_below_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.ROOT)
    code = lint_imports(cache_dir=None)
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("room", tree.ROOMS)
def test_a_room_says_what_it_is_on_one_page(room: str) -> None:
    page = (tree.PACKAGE / room / "README.md").read_text()
    assert len(page.splitlines()) <= 60
    assert [word for word in ("Model", "Boundaries", "Invariants", "Time") if word not in page] == []


def test_a_package_file_holds_nothing_but_its_docstring() -> None:
    packages = [path for path in tree.room_sources("") if path.name == "__init__.py"]
    wordy = [
        path
        for path in packages
        if len(tree.tree_of(path).body) != 1 or not ast.get_docstring(tree.tree_of(path))
    ]
    allowed = {tree.PACKAGE / "__init__.py"}
    assert [tree.short(path) for path in wordy if path not in allowed] == []


def test_every_module_says_what_it_knows() -> None:
    modules = tree.room_sources("")
    assert [tree.short(path) for path in modules if not ast.get_docstring(tree.tree_of(path))] == []


def test_only_models_actions_and_queries_speak_to_the_orm() -> None:
    found = {
        tree.short(path): sorted(name for name in tree.imported(path) if name.startswith(ORM_IMPORTS))
        for room in tree.ROOMS
        if room not in RECORD_KEEPERS
        for path in tree.room_sources(room)
        if not ORM_MODULES & set(path.relative_to(tree.PACKAGE / room).with_suffix("").parts)
    }
    assert {name: names for name, names in found.items() if names} == {}


def test_rules_read_no_clock() -> None:
    """`now` is given: only doors, the supervisor and what keeps PostgreSQL alive look at a clock."""
    doors = {"api", "cli", "console", "site", "composition", "records", "listen", "lake"}
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time"}
    found = [
        f"{tree.short(path)}:{node.lineno}"
        for room in tree.ROOMS
        if room not in doors
        for path in tree.room_sources(room)
        for node in ast.walk(tree.tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in clocks
    ]
    assert found == []
