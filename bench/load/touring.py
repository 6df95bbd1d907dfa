"""Every address of a console that its own links, forms and pictures lead to, one of each shape, breadth first.

Two addresses have the same shape when they differ only in numbers and in the values of what is filtered by; each order
of a list is a shape of its own. A list is ordered and narrowed from its bare address, each choice by its first and its
last value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

PLACES_MAX = 300
TYPED = "Li"
_LEAVE = re.compile(r"/(logout|static|i18n|admin|login|s)/|/api/|/0/|export=|[?&]cols=")
_TOLD = ("href", "hx-get", "data-href")
_KEPT = ("sort", "what")  # whose values make a question of their own


class _Leads(HTMLParser):
    """Where one page leads: its links, what it draws from, and its forms with each choice they offer."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._form: str | None = None
        self._kept: dict[str, str] = {}
        self._offered: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link is noted; a form, and what stands in it, is opened."""
        told = {name: value or "" for name, value in attrs}
        self.found += [
            told[name] for name in told if name in _TOLD or (name[:5] == "data-" and told[name][:1] == "/")
        ]
        if tag == "form":
            self._form = told.get("action", "") if told.get("method", "get").lower() == "get" else None
            self._kept, self._offered = {}, {}
        elif self._form is not None:
            self._field(tag, told)

    def handle_endtag(self, tag: str) -> None:
        """A form is sent once for every choice that stands in it."""
        if tag == "form" and self._form is not None:
            self.found += self._sent(self._form)
            self._form = None

    def _field(self, tag: str, told: dict[str, str]) -> None:
        name = told.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and told.get("value") and self._select:
            self._offered.setdefault(self._select, []).append(told["value"])
        elif tag == "input" and name and told.get("type") == "hidden":
            self._kept[name] = told.get("value", "")
        elif tag == "input" and name and told.get("type", "text") in ("search", "text"):
            self._offered[name] = [TYPED]

    def _sent(self, action: str) -> Iterator[str]:
        for name, values in self._offered.items():
            for value in dict.fromkeys((values[0], values[-1])):
                yield f"{action}?{urlencode({**self._kept, name: value})}"


def toured(get: Callable[[str], bytes], starts: Iterable[str]) -> Iterator[str]:
    """Addresses to which the console leads from these, each opened once; the first of each shape."""
    waiting, shapes = list(starts), dict[str, int]()
    while waiting and sum(shapes.values()) < PLACES_MAX:
        path = waiting.pop(0)
        if not _new(path, shapes):
            continue
        yield path
        waiting += leads(path, get(path))


def leads(path: str, body: bytes) -> list[str]:
    """The addresses of the same console that a page names."""
    page = _Leads()
    page.feed(body.decode(errors="replace") if body[:1].isspace() or body[:1] == b"<" else "")
    joined = (urlsplit(urljoin(path, lead)) for lead in page.found if not lead.startswith("#"))
    inside = (at for at in joined if not at.netloc and at.path.startswith("/"))
    bare, _, narrowed = path.partition("?")
    others = (at for at in inside if not (narrowed and at.path == bare))
    named = (f"{at.path}?{at.query}" if at.query else at.path for at in others)
    return [lead for lead in dict.fromkeys(named) if not _LEAVE.search(lead)]


def _new(path: str, shapes: dict[str, int]) -> bool:
    """Whether no address of its shape was taken yet; a choice is taken twice, by two values."""
    parts = urlsplit(path)
    asked = [(name, value) for name, value in parse_qsl(parts.query) if value]
    names = sorted(f"{name}={value}" if name in _KEPT else name for name, value in asked)
    shape = f"{re.sub(r'[0-9]+', 'N', parts.path)}?{','.join(names)}"
    taken = shapes.get(shape, 0)
    narrowing = {name for name, _ in asked} - {*_KEPT, "page", "q"}
    if taken >= (2 if len(narrowing) == 1 else 1):
        return False
    shapes[shape] = taken + 1
    return True
