"""Turns columns of a frame into an activity's fields, whole columns at a time; what it cannot read is null.

Pure: knows text, times, money and traits, not files. Fast paths read what is usual, and where one value of a
block resists, that block is read value by value with the same meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.listen.imports.mapping import Amount, Time, Trait, Value
from guanxi.vocabulary.money import to_minor
from guanxi.vocabulary.reasons import Refused

MOMENT = pa.timestamp("us", tz="UTC")
_NAIVE = pa.timestamp("us")
_UNIX = {"unix": 1_000_000, "unix_ms": 1_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
_INT64 = 1 << 63


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as text, trimmed; empty text is null."""
    texts = pc.utf8_trim_whitespace(_plain_text(column))
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _plain_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        values = [None if value is None else _spelled(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(values, pa.string())])


def _spelled(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return msgspec.json.encode(value, enc_hook=str).decode()


def by_value(column: Any, read: Callable[[str], Any], kind: pa.DataType) -> pa.ChunkedArray:
    """Each text read once, however often it occurs; ``read`` gives None for what it cannot read."""
    texts = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = pc.dictionary_encode(texts)
    meant = pa.array([None if text is None else read(text) for text in coded.dictionary.to_pylist()], kind)
    return pa.chunked_array([meant.take(coded.indices)])


def value_column(value: Value, table: pa.Table) -> pa.ChunkedArray:
    """The text ``value`` describes for each row; null where the cell is empty or not in its value table."""
    if value.column is None:
        return pa.chunked_array([pa.repeat(pa.scalar(value.constant, pa.string()), len(table))])
    texts = as_text(table[value.column])
    return texts if value.table is None else by_value(texts, value.table.get, pa.string())


def moments(time: Time, table: pa.Table) -> pa.ChunkedArray:
    """The UTC moment of each row; null where it cannot be read or names no zone."""
    column = table[time.column]
    if pa.types.is_date(column.type):
        column = pc.cast(column, _NAIVE)
    if pa.types.is_timestamp(column.type):
        return _in_zone(column, time.zone)
    if time.format in _UNIX:
        return _unix(column, _UNIX[time.format])
    texts = as_text(column)
    return _iso(texts, time.zone) if time.format == "iso" else _by_pattern(texts, time)


def _in_zone(column: pa.ChunkedArray, zone: str | None) -> pa.ChunkedArray:
    """Clock times made moments: the earlier of two where a clock went back, the jump where it skipped."""
    if column.type.tz is not None:
        return pc.cast(column, MOMENT, safe=False)
    if zone is None:
        return pa.chunked_array([pa.nulls(len(column), MOMENT)])
    naive = pc.cast(column, _NAIVE, safe=False)
    return pc.cast(pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="latest"), MOMENT)


def _unix(column: pa.ChunkedArray, factor: int) -> pa.ChunkedArray:
    try:
        whole = pc.cast(column if pa.types.is_integer(column.type) else as_text(column), pa.int64())
        micros = pc.multiply_checked(whole, factor)
    except pa.ArrowInvalid:
        micros = by_value(as_text(column), lambda text: _unix_micros(text, factor), pa.int64())
    inside = pc.and_(pc.greater_equal(micros, _FIRST), pc.less_equal(micros, _LAST))
    return pc.cast(pc.if_else(inside, micros, pa.scalar(None, pa.int64())), MOMENT)


def _unix_micros(text: str, factor: int) -> int | None:
    try:
        micros = Decimal(text) * factor
        return int(micros) if _FIRST <= micros <= _LAST else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _iso(texts: pa.ChunkedArray, zone: str | None) -> pa.ChunkedArray:
    try:
        return _in_zone(pc.cast(texts, _NAIVE if zone else MOMENT), zone)
    except pa.ArrowInvalid:
        carried = by_value(texts, lambda text: _iso_micros(text, carries=True), pa.int64())
        naive = by_value(texts, lambda text: _iso_micros(text, carries=False), pa.int64())
        return pc.coalesce(pc.cast(carried, MOMENT), _in_zone(pc.cast(naive, _NAIVE), zone))


def _iso_micros(text: str, *, carries: bool) -> int | None:
    """Microseconds since 1970, of moments that carry a zone, or of clock times that carry none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if (moment.tzinfo is not None) is not carries:
        return None
    return ((moment if carries else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def _by_pattern(texts: pa.ChunkedArray, time: Time) -> pa.ChunkedArray:
    read = duckdb.FunctionExpression(
        "try_strptime", duckdb.ColumnExpression("said"), duckdb.ConstantExpression(time.format)
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
        rows = connection.from_arrow(pa.table({"said": texts})).select(read.alias("moment")).to_arrow_table()
    return _in_zone(rows["moment"], time.zone)


def amounts(amount: Amount, table: pa.Table, currencies: pa.ChunkedArray) -> pa.ChunkedArray:
    """The money of each row in smallest units, exact; null where the text is no amount."""
    column = table[amount.column]
    if amount.minor and pa.types.is_integer(column.type):
        return pc.cast(column, pa.int64())
    texts = as_text(column)
    if amount.minor:
        return integers(texts)
    if amount.currency.constant is not None:
        currency = amount.currency.constant
        return by_value(texts, lambda text: _minor(text, currency), pa.int64())
    both = pc.binary_join_element_wise(currencies, texts, " ")
    return by_value(both, lambda text: _minor(*reversed(text.split(" ", 1))), pa.int64())


def _minor(text: str, currency: str) -> int | None:
    try:
        minor = to_minor(text, currency)
    except (Refused, InvalidOperation, OverflowError):
        return None
    return minor if -_INT64 <= minor < _INT64 else None


def integers(texts: pa.ChunkedArray, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    """Whole numbers; null where the text is none or it has no room."""
    kind = kind or pa.int64()
    try:
        return pc.cast(texts, kind)
    except pa.ArrowInvalid:
        room = 1 << (kind.bit_width - 1)
        return by_value(texts, lambda text: _integer(text, room), kind)


def _integer(text: str, room: int) -> int | None:
    try:
        number = Decimal(text)
        whole = int(number) if number == number.to_integral_value() else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return whole if whole is not None and -room <= whole < room else None


def trait_texts(traits: tuple[Trait, ...], table: pa.Table) -> pa.ChunkedArray:
    """The JSON object of each row's traits; null where it has none."""
    entries = [_entries(trait, table) for trait in traits if not trait.fact]
    facts = [_entries(trait, table) for trait in traits if trait.fact]
    if facts:
        entries.append(pc.binary_join_element_wise('"facts":', _objects(facts), ",", ""))
    return _objects(entries)


def _objects(entries: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    """The entries of each row as one JSON object; null where there are none."""
    # Each entry brings its own comma: joining with null_handling="skip" loses the rows that are all null.
    joined = pc.binary_join_element_wise(*entries, "", null_handling="replace", null_replacement="")
    whole = pc.binary_join_element_wise("{", pc.utf8_rtrim(joined, ","), "}", "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), whole)


def _entries(trait: Trait, table: pa.Table) -> pa.ChunkedArray:
    """The name and value of one trait as JSON with a comma for each row; null where there is no value."""
    read, name = _trait_reader(trait) or str, msgspec.json.encode(trait.name).decode()

    def entry(text: str) -> str:
        return f"{name}:{msgspec.json.encode(read(text)).decode()},"

    return by_value(value_column(trait.value, table), entry, pa.string())


def _trait_reader(trait: Trait) -> Callable[[str], Any] | None:
    if trait.fact:
        return None
    readers: dict[str, Callable[[str], Any]] = {
        "confidence": _confidence,
        "topics": lambda text: [topic.strip() for topic in text.split(trait.separator) if topic.strip()],
        "promotes_product": lambda text: text.lower() in ("true", "1", "yes", "y", "t", "是"),
    }
    return readers.get(trait.name)


def _confidence(text: str) -> float:
    """Between 0 and 1; what is no number is no confidence at all."""
    try:
        return min(max(float(text), 0.0), 1.0) if text.lower() != "nan" else 0.0
    except ValueError:
        return 0.0
