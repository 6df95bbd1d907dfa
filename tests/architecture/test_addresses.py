"""No file names a package registry, a machine or a secret: a checkout is at home anywhere."""

import json
import re

import tree

# Each is spelt in two parts, so that this file is not found by itself.
REGISTRIES = tuple(
    "".join(parts)
    for parts in [
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.npm", "js"),
        ("npmmirror", ".com"),
        ("tuna.tsing", "hua"),
        ("--index", "-url "),
        ("--extra-index", "-url"),
        ("--find", "-links "),
    ]
)
PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/(?:pypi|wheels))/")


def _texts() -> list[tuple[tree.Path, str]]:
    return [
        (path, path.read_text(errors="ignore")) for path in tree.files() if path.stat().st_size < 5_000_000
    ]


def test_no_file_names_a_package_registry() -> None:
    found = [(tree.short(path), word) for path, text in _texts() for word in REGISTRIES if word in text]
    assert found == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = [(tree.short(path), hit.group()) for path, text in _texts() if (hit := PATHS.search(text))]
    assert found == []


def test_every_locked_requirement_has_hashes_and_no_address() -> None:
    for lock in (tree.ROOT / "requirements").glob("*.lock"):
        entries = re.split(r"\n(?=\S)", lock.read_text().strip())
        assert [
            entry.split()[0] for entry in entries if "--hash=sha256:" not in entry or "://" in entry
        ] == []


def test_the_script_libraries_are_locked_by_content_alone() -> None:
    lock = json.loads((tree.ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []
