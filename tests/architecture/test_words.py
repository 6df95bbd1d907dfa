"""Names say what a thing is: words that could name anything name nothing."""

import ast
import re

import tree

FORBIDDEN = {
    *("manager", "managers", "helper", "helpers", "util", "utils", "misc", "common", "base"),
    *("data", "info", "handle", "handler", "handles", "process", "processes", "processor", "do"),
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def test_a_name_is_split_into_its_words() -> None:
    assert words("HTTPDoorOf_share_tokens2") == {"http", "door", "of", "share", "tokens", "2"}


def test_no_module_is_named_by_an_empty_word() -> None:
    named = {tree.short(path): words(path.stem) & FORBIDDEN for path in tree.sources()}
    assert {name: found for name, found in named.items() if found} == {}


def test_no_folder_of_the_package_is_named_by_an_empty_word() -> None:
    folders = {part for path in tree.room_sources("") for part in path.relative_to(tree.PACKAGE).parts[:-1]}
    assert {folder for folder in folders if words(folder) & FORBIDDEN} == set()


def test_no_class_or_function_is_named_by_an_empty_word() -> None:
    found = [
        f"{tree.short(path)}::{node.name}"
        for path in tree.sources()
        for node in tree.definitions(path)
        if words(node.name) & FORBIDDEN and not _named_elsewhere(node)
    ]
    assert found == []


def _named_elsewhere(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """A test's name is a sentence; some methods are called by a class from outside."""
    outside = {
        "handle_starttag",
        "handle_endtag",
        "handle_data",
        "handle_startendtag",
        "handle_error",
        "handle_request",
        "do_GET",
        "do_POST",
    }
    return node.name.startswith("test_") or node.name in outside


def test_no_template_or_question_is_named_by_an_empty_word() -> None:
    named = [path for path in tree.ending(".html", ".sql", ".js") if words(path.stem) & FORBIDDEN]
    assert [tree.short(path) for path in named] == []
