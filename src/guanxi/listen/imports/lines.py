"""The bytes of a text file as UTF-8 chunks of whole rows, whatever it was packed and encoded with.

A quoted line end does not end a row; a quote that is never closed cannot hold up more than a few megabytes.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa

from guanxi.listen.imports.mapping import Layout
from guanxi.vocabulary.reasons import Refused

CHUNK_BYTES = 1 << 21
_OPEN_QUOTE_MAX = 1 << 23
_BOM = b"\xef\xbb\xbf"


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What is done inside ends well, or is refused as an unreadable file."""
    try:
        yield
    except (OSError, EOFError, zlib.error, pa.ArrowInvalid) as error:
        raise Refused("file_unreadable", f"{path}: {error}") from error


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of the file, unpacked where its suffix is .gz or .zst."""
    with readable(path), ExitStack() as stack:
        if path.suffix == ".gz":
            yield cast("BinaryIO", stack.enter_context(gzip.open(path, "rb")))
        elif path.suffix in (".zst", ".zstd"):
            yield cast("BinaryIO", stack.enter_context(pa.input_stream(str(path), compression="zstd")))
        else:
            yield stack.enter_context(path.open("rb"))


def chunks(path: Path, layout: Layout) -> Iterator[bytes]:
    """The file in pieces that end where a row ends; bytes that are no text stay what they are."""
    quote = layout.quote.encode()
    with opened(path) as stream:
        more = _utf8(stream, layout.encoding)
        held = more().removeprefix(_BOM)
        while held:
            piece = more()
            end = _end_of_rows(held, quote) if piece else len(held)
            if end or len(held) > _OPEN_QUOTE_MAX:
                end = end or held.rfind(b"\n") + 1 or len(held)
                yield held[:end]
                held = held[end:]
            held += piece


def _utf8(stream: BinaryIO, encoding: str) -> Callable[[], bytes]:
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig", "ascii"):
        return lambda: stream.read(CHUNK_BYTES)
    text = io.TextIOWrapper(cast("Any", stream), encoding, errors="surrogateescape", newline="")
    return lambda: text.read(CHUNK_BYTES).encode("utf-8", "surrogateescape")


def _end_of_rows(held: bytes, quote: bytes) -> int:
    """One past the last line end outside quotes, 0 where there is none."""
    if not quote or quote not in held:
        return held.rfind(b"\n") + 1
    octets = np.frombuffer(held, np.uint8)
    ends = np.flatnonzero(octets == ord("\n"))
    quotes = np.flatnonzero(octets == quote[0])
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0
