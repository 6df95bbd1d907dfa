"""Broken, cut, doubled and mixed input from a seed: the same for the same seed, so that a find can be found again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

_TOKENS = (
    b"<", b">", b"</", b"<!DOCTYPE", b"<![CDATA[", b"]]>", b"&#0;", b"&amp;", b"<?xml", b'encoding="utf-16"?>',
    b"{", b"}", b"[", b"]", b'"', b"\\ud83d", b"\\u0000", b"null", b"1e999", b"-0", b"\x00", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xc0\x80", b"<List>", b"<OpenID>", b"=", b"%00", b"9" * 40, b"<a>" * 12, b"[" * 2000,
)  # fmt: skip


def broken(seeds: Sequence[bytes], inputs: int, seed: int) -> Iterator[bytes]:
    """So many inputs, each a seed with one to six wounds."""
    chance = random.Random(seed)
    for _ in range(inputs):
        text = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 6)):
            _wound(text, chance, seeds)
        yield bytes(text)


def _wound(text: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    at = chance.randrange(len(text) + 1)
    until = min(len(text), at + chance.randrange(1, 24))
    kind = chance.randrange(6)
    if kind == 0 and at < len(text):
        text[at] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del text[at:until]
    elif kind == 2:
        text[at:at] = text[at:until] * chance.randrange(1, 4)
    elif kind == 3:
        text[at:at] = chance.choice(_TOKENS)
    elif kind == 4:
        other = chance.choice(seeds)
        text[at:] = other[chance.randrange(len(other) + 1) :]
    else:
        text[at:until] = bytes(chance.randrange(256) for _ in range(until - at))
