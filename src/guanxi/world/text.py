"""Numbers written as text, a whole column at a time, and numbers scattered so that neighbours look unlike.

`scattered` is one-to-one below its modulus: two people never get the same number.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
_HEX = np.frombuffer("".join(f"{octet:02x}" for octet in range(256)).encode(), np.uint8).reshape(256, 2)


def scattered(numbers: Ints, modulus: int, seed: int) -> Ints:
    """Each number below ``modulus`` moved to another one, no two to the same.

    >>> sorted(scattered(np.arange(7), 7, 3).tolist())
    [0, 1, 2, 3, 4, 5, 6]
    """
    factor = 7_368_787
    while np.gcd(factor, modulus) != 1:
        factor += 2
    return (numbers * factor + seed * 1_000_003 % modulus) % modulus


def mixed(numbers: Ints, seed: int) -> npt.NDArray[np.uint64]:
    """64 bits for each number that show no pattern, one-to-one (splitmix64; Steele, Lea, Flood 2014)."""
    start = np.uint64((seed * 0x9E3779B97F4A7C15 + 0x1234567) & 0xFFFFFFFFFFFFFFFF)
    bits = numbers.astype(np.uint64) + start
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def uniform(numbers: Ints, seed: int) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each item, the same whatever stands beside it."""
    return (mixed(numbers, seed) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def digits(numbers: Ints, width: int, prefix: str = "") -> pa.Array:
    """The numbers in decimal, padded with zeros to ``width``.

    >>> digits(np.array([7, 42]), 3, "C").to_pylist()
    ['C007', 'C042']
    """
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    figures = (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)
    return _fixed(figures, prefix)


def hexadecimal(bits: npt.NDArray[np.uint64], prefix: str = "") -> pa.Array:
    """The 64 bits of each number as sixteen characters."""
    octets = bits.astype(">u8").view(np.uint8).reshape(-1, 8)
    return _fixed(_HEX[octets].reshape(-1, 16), prefix)


def _fixed(figures: npt.NDArray[np.uint8], prefix: str) -> pa.Array:
    head = np.frombuffer(prefix.encode(), np.uint8)
    rows = np.concatenate([np.broadcast_to(head, (len(figures), len(head))), figures], axis=1)
    offsets = np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1]
    octets = np.ascontiguousarray(rows)
    return pa.StringArray.from_buffers(len(rows), pa.py_buffer(offsets), pa.py_buffer(octets))


def picked(words: tuple[str, ...], numbers: npt.NDArray[np.integer]) -> pa.Array:
    """For each number the word of that place; null where it is negative."""
    known = pa.array(np.where(numbers < 0, 0, numbers), mask=numbers < 0)
    return pa.array(words, pa.string()).take(known)


def where(known: npt.NDArray[np.bool_], column: pa.Array) -> pa.Array:
    """The column, null where it is not known."""
    return column.take(pa.array(np.arange(len(column)), mask=~known))
