"""Reads a push, XML or JSON, into one plain shape: fields by name in lower case, values as text.

Refuses what is too long, nested too deeply or no document at all, before anything of it is believed. A list
of one is written in many ways; whoever reads fields asks `each` and gets them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

import msgspec
from defusedxml.ElementTree import DefusedXMLParser

from guanxi.vocabulary.facts import clean
from guanxi.vocabulary.reasons import Refused

BYTES_MAX = 64 * 1024
DEPTH_MAX = 8
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Value = Any
Document = Mapping[str, Value]


def read_document(body: bytes) -> Document:
    """The fields of a push; its first byte that is no space says whether it is XML or JSON."""
    if len(body) > BYTES_MAX:
        raise Refused("body_too_large", str(BYTES_MAX))
    text = body.removeprefix(_BYTE_ORDER_MARK).lstrip()
    found = _xml(text) if text.startswith(b"<") else _json(text)
    if not isinstance(found, dict):
        raise Refused("body_unreadable", "document")
    return found


def is_json(body: bytes) -> bool:
    """Whether a push is JSON."""
    return not body.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def text_at(document: Document, path: str) -> str:
    """The text of a field, such as ``scancodeinfo.scanresult``; empty where there is none."""
    value: Value = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def each_at(document: Document, path: str) -> Iterator[Document]:
    """The objects of a list, whether there are none, one or several."""
    value: Value = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield one


class _Builder:
    """Builds the fields while the parser reads, so that depth is refused before it costs anything."""

    def __init__(self) -> None:
        self.found: Value = None
        self._open: list[tuple[str, dict[str, Value], list[str]]] = []

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        if len(self._open) == DEPTH_MAX:
            raise Refused("body_unreadable", "depth")
        self._open.append((tag.lower(), {}, []))

    def said(self, text: str) -> None:
        self._open[-1][2].append(text)

    # The parser's own word for it.
    data = said

    def end(self, _: str) -> None:
        tag, fields, texts = self._open.pop()
        value: Value = fields or clean("".join(texts), BYTES_MAX)
        if self._open:
            _put(self._open[-1][1], tag, value)
        else:
            self.found = value

    def close(self) -> Value:
        return self.found


def _xml(text: bytes) -> Value:
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(text)
        return parser.close()
    except (ParseError, ValueError, LookupError):
        raise Refused("body_unreadable", "xml") from None


def _json(text: bytes) -> Value:
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = _leniently(text)
    return _plain(found, DEPTH_MAX)


def _leniently(text: bytes) -> Value:
    """A word cut in the middle of an emoji must not cost the message."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("body_unreadable", "json") from None


def _plain(value: Value, depth: int) -> Value:
    if depth < 0:
        raise Refused("body_unreadable", "depth")
    if isinstance(value, dict):
        fields: dict[str, Value] = {}
        for name, one in value.items():
            fields[str(name).lower()] = _plain(one, depth - 1)
        return fields
    if isinstance(value, list):
        return [_plain(one, depth - 1) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else clean(str(value), BYTES_MAX)


def _put(fields: dict[str, Value], name: str, value: Value) -> None:
    """A repeated element becomes a list, as in JSON."""
    if name not in fields:
        fields[name] = value
    elif isinstance(fields[name], list):
        fields[name].append(value)
    else:
        fields[name] = [fields[name], value]
