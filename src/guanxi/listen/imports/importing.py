"""Imports a user's export through the same inbox as every other source, a block a transaction."""

from __future__ import annotations

import hashlib
from pathlib import Path

from guanxi.listen.accept import Receipt, Unreadable, accept
from guanxi.listen.imports.files import count_rows, read
from guanxi.listen.imports.frames import Rejected
from guanxi.listen.imports.mapping import Mapping, Value
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
    """The database whose inbox takes the source: customers for whatever may tell of customers, else social.

    A mixed source goes whole into the customers' inbox; what is social in it is published from there.
    """
    kinds = mapping.kinds
    return CUSTOMERS if kinds & BUYING or (kinds & EITHER and _may_be_shop(mapping.platform)) else SOCIAL


def _may_be_shop(platform: Value) -> bool:
    if platform.constant is not None:
        return platform.constant == Platform.SHOP
    return not platform.table or Platform.SHOP in platform.table.values()


def _unreadable(source: str, path: Path, row: Rejected) -> Unreadable:
    text = f"{source}\0{row.line}\0{row.raw}".encode()
    key = hashlib.blake2b(text, digest_size=16).digest()
    return Unreadable(key, f"{path.name}:{row.line}", row.reason, row.raw)
