"""What a user's export looks like, and which activities each row stands for; read from a small TOML file.

Refuses a mapping as a whole, naming the exact field, before a row is read. Knows nothing of files or stores.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from guanxi.listen.imports.section import Section
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

FORMATS = ("csv", "tsv", "jsonl", "parquet", "fixed")
WHITESPACE = "whitespace"
CARRIED = "carried"
FIELDS = ("actor", "through", "content", "campaign", "reference")
TRAITS = frozenset(
    {
        "name", "phone", "union_id", "email", "confidence", "title", "kind", "topics", "promotes_product",
        "purpose", "channel", "through_platform", "through_account", "through_fan", "group",
    }
)  # fmt: skip
_PRICED = frozenset({Kind.ORDERED, Kind.REFUNDED})
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Value:
    """Where one text comes from: a column, through a value table if there is one, or a constant."""

    column: str | None = None
    constant: str | None = None
    table: Table[str, str] | None = None


@dataclass(frozen=True)
class Time:
    """Where the moment comes from; ``zone`` is None where the values carry their own."""

    column: str
    format: str
    zone: str | None


@dataclass(frozen=True)
class Amount:
    """Where the money comes from: decimal text in whole units, or integers in smallest ones."""

    column: str
    currency: Value
    minor: bool


@dataclass(frozen=True)
class Trait:
    """One entry of an activity's traits; a fact goes under ``facts``."""

    name: str
    value: Value
    fact: bool
    separator: str


@dataclass(frozen=True)
class Condition:
    """Which rows an activity is read from: those whose column holds one of ``values``, or anything at all."""

    column: str
    values: frozenset[str] | None


@dataclass(frozen=True)
class ActivityRule:
    """One activity that a row stands for."""

    kind: Value
    fields: Table[str, Value]
    time: Time
    amount: Amount | None
    quantity: str | None
    traits: tuple[Trait, ...]
    when: Condition | None

    def columns(self) -> Iterator[str]:
        """Every column this rule reads, some more than once."""
        values = [self.kind, *self.fields.values(), *(trait.value for trait in self.traits)]
        if self.amount:
            values.append(self.amount.currency)
            yield self.amount.column
        yield from (value.column for value in values if value.column)
        yield self.time.column
        if self.quantity:
            yield self.quantity
        if self.when:
            yield self.when.column


@dataclass(frozen=True)
class Layout:
    """How the file is written; ``widths`` are (first, last) character positions from 1, both included."""

    format: str
    separator: str
    quote: str
    header: bool
    columns: tuple[str, ...]
    widths: tuple[tuple[int, int], ...]
    encoding: str


@dataclass(frozen=True)
class Mapping:
    """A source's mapping, complete and free of contradictions."""

    source: str
    layout: Layout
    platform: Value
    account: Value
    id: tuple[str, ...]
    activities: tuple[ActivityRule, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        """Every kind of activity that this source can bring."""
        found: set[str] = set()
        for rule in self.activities:
            found |= set(rule.kind.table.values()) if rule.kind.table else {rule.kind.constant or ""}
        return frozenset(Kind(kind) for kind in found)

    def columns(self) -> frozenset[str]:
        """Every column that must be present."""
        named = {column for rule in self.activities for column in rule.columns()}
        named |= {value.column for value in (self.platform, self.account) if value.column}
        return frozenset(named | set(self.id))


def read_mapping(path: Path) -> Mapping:
    """The mapping in ``path``; `Refused` with the exact field where it is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("mapping_unreadable", f"{path}: {error}") from None
    return parse_mapping(text)


def parse_mapping(text: str) -> Mapping:
    """The mapping that ``text`` (TOML) describes.

    >>> parse_mapping('''
    ... source = "shop"
    ... format = "csv"
    ... platform = "shop"
    ... account = "main"
    ... [activity]
    ... kind = "viewed"
    ... actor = "who"
    ... time = { column = "seen", format = "unix" }
    ... ''').columns() == {"who", "seen"}
    True
    """
    try:
        top = Section("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused("mapping_unreadable", str(error)) from None
    source = top.text("source")
    if not _SOURCE.fullmatch(source):
        raise top.wrong("source")
    layout = _layout(top)
    platform, account = _constant(top, "platform"), _constant(top, "account")
    if platform.constant is not None and platform.constant not in set(Platform):
        raise top.wrong("platform")
    mapping = Mapping(source, layout, platform, account, top.texts("id"), _rules(top))
    top.close()
    _known_columns(mapping)
    return mapping


def _known_columns(mapping: Mapping) -> None:
    if mapping.layout.columns:
        for column in sorted(mapping.columns() - set(mapping.layout.columns)):
            raise Refused("column_missing", column)


def _layout(top: Section) -> Layout:
    form = top.text("format")
    if form not in FORMATS:
        raise top.wrong("format")
    encoding = top.text("encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise top.wrong("encoding") from None
    separator = "\t" if form == "tsv" else top.text("separator", ",") if form == "csv" else ""
    quote = top.text("quote", '"') if form in ("csv", "tsv") else ""
    if separator not in (WHITESPACE, "") and len(separator) != 1:
        raise top.wrong("separator")
    if len(quote) > 1:
        raise top.wrong("quote")
    widths = _widths(top) if form == "fixed" else {}
    header = top.flag("header", True) if form in ("csv", "tsv") else False
    columns = tuple(widths) or top.texts("columns")
    if form in ("csv", "tsv") and header == bool(columns):
        raise Refused("mapping_field_missing" if not header else "mapping_field_wrong", "columns")
    if len(set(columns)) != len(columns) or (columns and form in ("jsonl", "parquet")):
        raise top.wrong("columns")
    return Layout(form, separator, quote, header, columns, tuple(widths.values()), encoding)


def _widths(top: Section) -> dict[str, tuple[int, int]]:
    section = Section("columns", top.take("columns"))
    widths: dict[str, tuple[int, int]] = {}
    for name, span in section.rest().items():
        match span:
            case [int(first), int(last)] if 1 <= first <= last:
                widths[name] = (first, last)
            case _:
                raise section.wrong(name)
    if not widths:
        raise top.wrong("columns")
    return widths


def _rules(top: Section) -> tuple[ActivityRule, ...]:
    tables = top.take("activity")
    if isinstance(tables, dict):
        return (_rule(Section("activity", tables)),)
    if not isinstance(tables, list) or not tables:
        raise top.wrong("activity")
    return tuple(_rule(Section(f"activity[{number}]", table)) for number, table in enumerate(tables))


def _rule(section: Section) -> ActivityRule:
    kind = _constant(section, "kind")
    kinds = set(kind.table.values()) if kind.table else {kind.constant}
    if not kinds or not kinds <= set(Kind):
        raise section.wrong("kind")
    fields = {name: _value(section, name) for name in FIELDS if section.holds(name)}
    if "actor" not in fields and kinds != {Kind.PUBLISHED}:
        raise Refused("mapping_field_missing", section.path("actor"))
    amount = _amount(section) if section.holds("amount") else None
    if amount is None and kinds & _PRICED:
        raise Refused("mapping_field_missing", section.path("amount"))
    time = _time(Section(section.path("time"), section.take("time")))
    quantity = section.text("quantity") if section.holds("quantity") else None
    traits = _traits(section) if section.holds("traits") else ()
    when = _condition(section) if section.holds("when") else None
    section.close()
    return ActivityRule(kind, fields, time, amount, quantity, traits, when)


def _constant(section: Section, key: str) -> Value:
    """A value of which a bare text is a constant (platform, account, kind, currency)."""
    held = section.take(key)
    if isinstance(held, str) and held:
        return Value(constant=held)
    return _described(Section(section.path(key), held))


def _value(section: Section, key: str) -> Value:
    """A value of which a bare text is a column."""
    held = section.take(key)
    if isinstance(held, str) and held:
        return Value(column=held)
    return _described(Section(section.path(key), held))


def _described(section: Section) -> Value:
    if section.holds("value"):
        value = Value(constant=section.text("value"))
    else:
        value = Value(column=section.text("column"), table=_value_table(section))
    section.close()
    return value


def _value_table(section: Section) -> Table[str, str] | None:
    if not section.holds("table"):
        return None
    table = section.take("table")
    if not isinstance(table, dict) or not table or not all(isinstance(to, str) for to in table.values()):
        raise section.wrong("table")
    return table


def _amount(section: Section) -> Amount:
    inner = Section(section.path("amount"), section.take("amount"))
    currency = _constant(inner, "currency")
    if currency.constant is not None and not _CURRENCY.fullmatch(currency.constant):
        raise inner.wrong("currency")
    unit = inner.text("unit", "whole")
    if unit not in ("whole", "smallest"):
        raise inner.wrong("unit")
    amount = Amount(inner.text("column"), currency, unit == "smallest")
    inner.close()
    return amount


def _time(section: Section) -> Time:
    column, form = section.text("column"), section.text("format")
    if form not in ("iso", "unix", "unix_ms") and "%" not in form:
        raise section.wrong("format")
    carries = form in ("unix", "unix_ms") or "%z" in form
    zone = section.text("zone", CARRIED) if carries else section.text("zone")
    if carries and zone != CARRIED:
        raise section.wrong("zone")
    if zone == CARRIED and not carries and form != "iso":
        raise section.wrong("zone")
    if zone != CARRIED:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise section.wrong("zone") from None
    section.close()
    return Time(column, form, None if zone == CARRIED else zone)


def _traits(section: Section) -> tuple[Trait, ...]:
    inner = Section(section.path("traits"), section.take("traits"))
    traits: list[Trait] = []
    if inner.holds("facts"):
        facts = Section(inner.path("facts"), inner.take("facts"))
        traits += [_trait(facts, name, fact=True) for name in facts.names()]
    for name in inner.names():
        if name not in TRAITS:
            raise Refused("mapping_field_unknown", inner.path(name))
        traits.append(_trait(inner, name, fact=False))
    return tuple(traits)


def _trait(section: Section, name: str, *, fact: bool) -> Trait:
    held = section.take(name)
    if isinstance(held, str) and held:
        return Trait(name, Value(column=held), fact, ";")
    if isinstance(held, int | float) and not isinstance(held, bool):
        return Trait(name, Value(constant=str(held)), fact, ";")
    inner = Section(section.path(name), held)
    separator = inner.text("separator", ";")
    return Trait(name, _described(inner), fact, separator)


def _condition(section: Section) -> Condition:
    inner = Section(section.path("when"), section.take("when"))
    column, values = inner.text("column"), inner.texts("in")
    inner.close()
    return Condition(column, frozenset(values) or None)
