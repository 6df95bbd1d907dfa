"""The key under which an activity from a file is counted once, however often its file is imported.

A key is a hash of (source, which of the row's activities, how many same rows came before, the row's text).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.vocabulary.activity import KEY_BYTES

_SEPARATOR = "\x1f"
_SLOTS_MIN, _SLOTS_MAX = 1 << 16, 1 << 28


def row_texts(columns: Sequence[pa.ChunkedArray]) -> list[str]:
    r"""One text a row, different wherever a cell differs.

    >>> row_texts([pa.chunked_array([["a", "a"]]), pa.chunked_array([["b", None]])])
    ['a\x1fb', 'a\x1f\\0']
    """
    escaped = [_escaped(column) for column in columns]
    joined = pc.binary_join_element_wise(
        *escaped, _SEPARATOR, null_handling="replace", null_replacement="\\0"
    )
    texts: list[str] = joined.to_pylist()
    return texts


def _escaped(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pc.any(pc.match_substring_regex(column, r"[\\\x1f]")).as_py():
        return column
    doubled = pc.replace_substring(column, "\\", "\\\\")
    return pc.replace_substring(doubled, _SEPARATOR, "\\u")


def key_array(
    source: str, activity: int, texts: Sequence[str], occurrences: Sequence[int] | None
) -> pa.Array:
    """The keys of the same activity in each of the rows."""
    blake2b, size = hashlib.blake2b, KEY_BYTES
    head = f"{source}{_SEPARATOR}{activity}{_SEPARATOR}".encode()
    if occurrences is None:
        first = head + b"0\x1f"
        digests = [blake2b(first + text.encode(), digest_size=size).digest() for text in texts]
    else:
        digests = [
            blake2b(b"%b%d\x1f%b" % (head, number, text.encode()), digest_size=size).digest()
            for number, text in zip(occurrences, texts, strict=True)
        ]
    joined = pa.py_buffer(b"".join(digests))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(size), len(digests), [None, joined])


class Occurrences:
    """How often each row came before in its file, in memory that grows only with the rows that repeat.

    First `note` every row, then ask `number` for them in the same order.
    """

    def __init__(self, file_bytes: int) -> None:
        slots = 1 << max(2 * file_bytes - 1, 1).bit_length()
        self._seen = np.zeros(min(max(slots, _SLOTS_MIN), _SLOTS_MAX), np.uint8)
        self._count: dict[bytes, int] = {}

    def note(self, texts: Sequence[str]) -> None:
        """The rows are counted, two in one slot as perhaps the same."""
        slots, counts = np.unique(self._slots(texts), return_counts=True)
        self._seen[slots] = np.minimum(self._seen[slots] + np.minimum(counts, 2), 2)

    def number(self, texts: Sequence[str]) -> list[int]:
        """For each row how many same ones came before it."""
        numbers = [0] * len(texts)
        for row in np.flatnonzero(self._seen[self._slots(texts)] == 2).tolist():
            digest = hashlib.blake2b(texts[row].encode(), digest_size=KEY_BYTES).digest()
            numbers[row] = self._count.get(digest, 0)
            self._count[digest] = numbers[row] + 1
        return numbers

    def _slots(self, texts: Sequence[str]) -> np.ndarray:
        hashes = np.fromiter(map(hash, texts), np.int64, len(texts))
        return hashes & (len(self._seen) - 1)
