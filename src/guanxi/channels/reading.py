"""Reads JSON that platforms post, forgiving of fields that are missing or of another shape; pure.

Refuses a body that is no object. One part that means nothing to us never costs the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from guanxi.channels.hook import Heard, HookAnswer, Told, Unread
from guanxi.vocabulary.facts import clean
from guanxi.vocabulary.reasons import Refused

TEXT_MAX = 4_096
RAW_MAX = 16_384
PARTS_MAX = 1_000
Object = Mapping[str, Any]
Part = tuple[str, Object, Sequence[Told] | None]
_EARLIEST, _LATEST = 0, 4_102_444_800


def read_object(body: bytes) -> Object:
    """The object that a body holds."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = _leniently(body)
    if not isinstance(found, dict):
        raise Refused("body_unreadable", "json")
    return found


def text_at(found: Object, *path: str) -> str:
    """The text, or the number as text, at a path of names; empty where there is none."""
    value = _at(found, path)
    if isinstance(value, str):
        return clean(value.strip(), TEXT_MAX)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def object_at(found: Object, *path: str) -> Object:
    """The object at a path of names; an empty one where there is none."""
    value = _at(found, path)
    return value if isinstance(value, dict) else {}


def each_at(found: Object, *path: str) -> Iterator[Object]:
    """The objects of the list at a path of names; none where there is no list."""
    value = _at(found, path)
    for one in value[:PARTS_MAX] if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one


def texts_at(found: Object, *path: str) -> list[str]:
    """The texts of the list at a path of names, however many; none where there is no list."""
    value = _at(found, path)
    listed = value if isinstance(value, list) else []
    return [clean(one, TEXT_MAX) for one in listed if isinstance(one, str) and one]


def moment_at(found: Object, *path: str, otherwise: datetime, per_second: int = 1) -> datetime:
    """The moment that a count of seconds, or of parts of them, says; ``otherwise`` where it says none."""
    value = _at(found, path)
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None
    if isinstance(value, bool) or not isinstance(value, int):
        return otherwise
    seconds = value / per_second
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST < seconds < _LATEST else otherwise


def heard_of(answer: HookAnswer, parts: Iterable[Part]) -> Heard:
    """What the parts of a request tell; a part that tells None is kept as not understood.

    Args:
        answer: what the platform is answered.
        parts: of each its place, as it came, and what it tells.
    """
    told: list[Told] = []
    unread: list[Unread] = []
    for position, raw, found in parts:
        if found is None:
            unread.append(Unread(position, "kind_unknown", as_text(raw)))
        else:
            told.extend(one if one.identity else replace(one, position=position) for one in found)
    return Heard(answer, tuple(told), tuple(unread))


def as_text(part: Object) -> str:
    """A part of a request as it is kept where it is not understood."""
    return clean(json.dumps(part, ensure_ascii=False, default=str), RAW_MAX)


def group_words(group: str, name: str = "", kind: str = "") -> dict[str, Any]:
    """The traits by which an activity names the group in which it happened."""
    return {"group": {"id": group, "name": name, "kind": kind}}


def _at(found: Object, path: Sequence[str]) -> Any:
    value: Any = found
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _leniently(body: bytes) -> Any:
    """A name cut in the middle of an emoji must not cost the message."""
    try:
        return json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Refused("body_unreadable", "json") from None
