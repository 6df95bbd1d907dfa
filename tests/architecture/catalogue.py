"""Which words the pages say, and which of them the Chinese catalogue knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import tree
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

PO = tree.PACKAGE / "console" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
DOORS = ("console", "api", "cli", "site")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}

_QUOTED = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_TRANSLATE = re.compile(r"{%\s*trans(?:late)?\s+" + _QUOTED)
_UNDERSCORE = re.compile(r"_\(" + _QUOTED + r"\)")
_BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b(.*?)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)[^}]*}}")


def said_in_python() -> Iterator[tuple[str, str]]:
    for path in (path for room in DOORS for path in tree.room_sources(room)):
        with path.open("rb") as text:
            for line, message, _, _ in extract("python", text, keywords=KEYWORDS):
                for one in [message] if isinstance(message, str) else message:
                    if one:
                        yield f"{tree.short(path)}:{line}", one


def said_in(template: str) -> Iterator[str]:
    """The messages of a Django template, in the form in which Django asks for them."""
    for pattern in (_TRANSLATE, _UNDERSCORE):
        for match in pattern.finditer(template):
            yield next(part for part in match.groups() if part is not None).replace("%", "%%")
    for options, body in _BLOCK.findall(template):
        for part in _PLURAL.split(body):
            text = " ".join(part.split()) if "trimmed" in options else part
            yield _VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))


def said_in_templates() -> Iterator[tuple[str, str]]:
    for path in tree.ending(".html", ".txt"):
        if path.is_relative_to(tree.PACKAGE):
            for message in said_in(path.read_text(encoding="utf-8")):
                yield tree.short(path), message


def chinese(path: Path = PO) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, locale="zh_Hans")
