"""Imports a user's export through the same inbox as every other source, a block a transaction."""

from __future__ import annotations

import hashlib
from pathlib import Path

from guanxi.listen.accept import Receipt, Unreadable, accept
from guanxi.listen.files import count_rows, read
from guanxi.listen.frames import Rejected
from guanxi.listen.mapping import Mapping
from guanxi.records.databases import CUSTOMERS, SOCIAL, transaction
from guanxi.vocabulary.activity import BUYING, EITHER
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.progress import SILENT, Progress


def import_file(path: Path, mapping: Mapping, tell: Progress = SILENT) -> Receipt:
    """Every row of the file waits in an inbox, was known already, or is in quarantine with its reason."""
    alias = home(mapping)
    total = Receipt()
    tell.begin(path.name, count_rows(path, mapping))
    for block in read(path, mapping):
        unreadable = [_unreadable(mapping.source, path, row) for row in block.rejected]
        with transaction(alias) as connection:
            total += accept(connection, mapping.source, block.activities, unreadable)
        tell.advance(block.rows)
    tell.end()
    return total


def home(mapping: Mapping) -> str:
    """The database whose inbox takes the source: customers for whatever may tell of buying, else social."""
    kinds = mapping.kinds
    if kinds & BUYING or (kinds <= EITHER and mapping.platform.constant == Platform.SHOP):
        return CUSTOMERS
    return SOCIAL


def _unreadable(source: str, path: Path, row: Rejected) -> Unreadable:
    text = f"{source}\0{row.line}\0{row.raw}".encode()
    key = hashlib.blake2b(text, digest_size=16).digest()
    return Unreadable(key, f"{path.name}:{row.line}", row.reason, row.raw)
