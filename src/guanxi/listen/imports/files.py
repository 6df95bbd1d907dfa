"""Reads a user's export as activities, block by block, and says of each row it could not read where and why.

Reads only: knows no database. What a key means is in `keys`, what a column means in `columns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guanxi.listen.imports.columns import amounts, as_text, integers, moments, trait_texts, value_column
from guanxi.listen.imports.frames import Frame, Rejected, frames
from guanxi.listen.imports.keys import Occurrences, key_array, row_texts
from guanxi.listen.imports.lines import opened, readable
from guanxi.listen.imports.mapping import FIELDS, ActivityRule, Mapping
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA, Kind
from guanxi.vocabulary.platform import Platform

ROWS_PER_BLOCK = 50_000
_CURRENCY = "^[A-Z]{3}$"


@dataclass(frozen=True)
class Block:
    """Some rows of a file: the activities they stand for, and those that could not be read."""

    activities: pa.Table
    rejected: list[Rejected]
    rows: int


def count_rows(path: Path, mapping: Mapping) -> int:
    """How many rows the file has, for a progress bar (lines, so quoted line ends count too)."""
    if mapping.layout.format == "parquet":
        with readable(path), pq.ParquetFile(path) as source:
            return int(source.metadata.num_rows)
    lines, last = 0, b"\n"
    with opened(path) as stream:
        while chunk := stream.read(1 << 20):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return max(lines + (last != b"\n") - mapping.layout.header, 0)


def read(path: Path, mapping: Mapping, rows_per_block: int = ROWS_PER_BLOCK) -> Iterator[Block]:
    """Every row of ``path`` once, in order, as activities or as rejected."""
    occurrences = None
    if not mapping.id:
        occurrences = Occurrences(_unpacked_bytes(path))
        for frame in frames(path, mapping, rows_per_block):
            occurrences.note(_texts(frame, mapping))
    for frame in frames(path, mapping, rows_per_block):
        yield _block(frame, mapping, occurrences)


def _unpacked_bytes(path: Path) -> int:
    with readable(path):
        return path.stat().st_size * (1 if path.suffix in (".csv", ".tsv", ".txt", ".jsonl") else 8)


def _texts(frame: Frame, mapping: Mapping) -> list[str]:
    names = mapping.id or frame.table.column_names
    return row_texts([as_text(frame.table[name]) for name in names])


class _Faults:
    """For each row the first reason why it cannot be read."""

    def __init__(self, rows: int) -> None:
        self.reasons: list[str] = [""]
        self.of = np.zeros(rows, np.int16)

    def note(self, faulty: Any, reason: str) -> None:
        hit = np.asarray(pc.fill_null(faulty, False)) & (self.of == 0)
        if hit.any():
            self.reasons.append(reason)
            self.of[hit] = len(self.reasons) - 1


def _block(frame: Frame, mapping: Mapping, occurrences: Occurrences | None) -> Block:
    rows = len(frame.table)
    faults = _Faults(rows)
    texts = _texts(frame, mapping)
    for name in mapping.id:
        faults.note(pc.is_null(as_text(frame.table[name])), "id_missing")
    numbers = occurrences.number(texts) if occurrences else None
    place = _place(frame.table, mapping, faults)
    parts = [_fields(rule, frame.table, faults) for rule in mapping.activities]
    tables = []
    for index, (rule, fields) in enumerate(zip(mapping.activities, parts, strict=True)):
        chosen = np.flatnonzero((faults.of == 0) & _applies(rule, frame.table))
        keys = key_array(
            mapping.source,
            index,
            [texts[row] for row in chosen.tolist()],
            [numbers[row] for row in chosen.tolist()] if numbers else None,
        )
        picked = {name: column.take(chosen) for name, column in (place | fields).items()}
        tables.append(_table(keys, picked, len(chosen)))
    return Block(pa.concat_tables(tables), _rejected(frame, faults), rows + len(frame.rejected))


def _place(table: pa.Table, mapping: Mapping, faults: _Faults) -> dict[str, pa.ChunkedArray]:
    platform, account = value_column(mapping.platform, table), value_column(mapping.account, table)
    known = pc.is_in(platform, pa.array([str(one) for one in Platform]))
    faults.note(pc.invert(known), "platform_unknown")
    faults.note(pc.is_null(account), "account_missing")
    return {"platform": platform, "account": account}


def _applies(rule: ActivityRule, table: pa.Table) -> np.ndarray:
    if rule.when is None:
        return np.ones(len(table), bool)
    texts = as_text(table[rule.when.column])
    if rule.when.values is None:
        return np.asarray(pc.is_valid(texts))
    return np.asarray(pc.is_in(texts, pa.array(sorted(rule.when.values))))


def _fields(rule: ActivityRule, table: pa.Table, faults: _Faults) -> dict[str, pa.ChunkedArray]:
    """The rule's columns for every row; faults are noted only where the rule applies."""
    applies = pa.array(_applies(rule, table))
    fields = {name: value_column(rule.fields[name], table) for name in FIELDS if name in rule.fields}
    kind = fields["kind"] = value_column(rule.kind, table)
    faults.note(pc.and_(applies, pc.is_null(kind)), "kind_unknown")
    if "actor" in fields:
        nobody = pc.and_(pc.is_null(fields["actor"]), pc.not_equal(kind, Kind.PUBLISHED.value))
        faults.note(pc.and_(applies, nobody), "actor_missing")
        fields["actor"] = pc.fill_null(fields["actor"], "")
    moment = fields["happened_at"] = moments(rule.time, table)
    faults.note(pc.and_(applies, pc.is_null(moment)), "time_unreadable")
    if rule.amount:
        fields |= _money(rule, table, kind, applies, faults)
    if rule.quantity:
        texts = as_text(table[rule.quantity])
        quantity = fields["quantity"] = integers(texts, pa.int32())
        unread = pc.and_(pc.is_null(quantity), pc.is_valid(texts))
        faults.note(pc.and_(applies, unread), "quantity_unreadable")
    if rule.traits:
        fields["traits"] = trait_texts(rule.traits, table)
    return fields


def _money(
    rule: ActivityRule, table: pa.Table, kind: pa.ChunkedArray, applies: pa.Array, faults: _Faults
) -> dict[str, pa.ChunkedArray]:
    if rule.amount is None:
        return {}
    said = as_text(table[rule.amount.column])
    currency = value_column(rule.amount.currency, table)
    amount = amounts(rule.amount, table, currency)
    priced = pc.is_in(kind, pa.array([Kind.ORDERED.value, Kind.REFUNDED.value]))
    legible = pc.fill_null(pc.match_substring_regex(currency, _CURRENCY), False)
    faults.note(pc.and_(applies, pc.and_(priced, pc.is_null(said))), "amount_missing")
    faults.note(pc.and_(applies, pc.and_(pc.is_valid(said), pc.invert(legible))), "currency_unreadable")
    faults.note(pc.and_(applies, pc.and_(pc.is_valid(said), pc.is_null(amount))), "amount_unreadable")
    return {"amount": amount, "currency": pc.if_else(pc.is_null(amount), None, currency)}


def _table(keys: pa.Array, picked: dict[str, pa.ChunkedArray], rows: int) -> pa.Table:
    columns = []
    for field in ACTIVITY_SCHEMA:
        if field.name == "key":
            columns.append(keys)
        elif field.name in picked:
            columns.append(picked[field.name])
        elif field.name == "actor":
            columns.append(pa.repeat("", rows))
        else:
            columns.append(pa.nulls(rows, field.type))
    return pa.table(columns, schema=ACTIVITY_SCHEMA)


def _rejected(frame: Frame, faults: _Faults) -> list[Rejected]:
    found = [
        Rejected(int(frame.lines[row]), faults.reasons[faults.of[row]], frame.raw(row))
        for row in np.flatnonzero(faults.of).tolist()
    ]
    return sorted([*frame.rejected, *found], key=lambda rejected: rejected.line)
