"""Every sentence that the console asks a translation for, read from its templates and modules."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

CONSOLE = Path(__file__).parents[2] / "src" / "guanxi" / "console"
CHINESE = CONSOLE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
_KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Message = tuple[str, str | None, str | None]


def asked() -> Iterator[Message]:
    """Every (sentence, its plural, its context) that a page may show."""
    for path in sorted(CONSOLE.rglob("*.html")):
        yield from _read(templatize(path.read_text("utf-8"), origin=str(path)))
    for path in sorted(CONSOLE.rglob("*.py")):
        yield from _read(path.read_text("utf-8"))


def known() -> dict[tuple[str, str | None], object]:
    """Chinese by (sentence, context)."""
    with CHINESE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    return {(_first(message.id), message.context): message.string for message in catalogue if message.id}


def _first(found: object) -> str:
    return found[0] if isinstance(found, (tuple, list)) else str(found)


def _read(text: str) -> Iterator[Message]:
    for _, name, messages, _ in extract_python(io.BytesIO(text.encode()), list(_KEYWORDS), [], {}):
        parts = [messages] if isinstance(messages, str) else list(messages)
        if not all(isinstance(part, str) or part is None for part in parts):
            continue
        context = parts.pop(0) if "pgettext" in name else None
        plural = parts[1] if "ngettext" in name or "npgettext" in name else None
        if parts[0]:
            yield parts[0], plural, context
