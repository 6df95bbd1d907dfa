"""What each condition reads: one SELECT of (identity, value) a condition, its test, and what absence means.

Every name in the SQL comes from this file; every word, number and date a user wrote is bound as a parameter.
"""

# ruff: noqa: S608 -- this file and compile.py are where SQL is put together; fuzz tests hold them to bound values.
from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from guanxi.question.fields import CUSTOMER_KINDS
from guanxi.question.nodes import (
    PRESENCE,
    Between,
    Condition,
    Count,
    Fact,
    Field,
    FieldName,
    Followed,
    Last,
    Linked,
    Op,
    Purpose,
    Score,
    Subject,
    Value,
    Window,
)
from guanxi.vocabulary.ids import Side

_FANS, _CUSTOMERS = "social.fan", "customers.customer"
KEYS = {Side.SOCIAL: "fan * 2", Side.CUSTOMERS: "customer * 2 + 1"}
_FACTS = {Side.SOCIAL: "social.fan_fact", Side.CUSTOMERS: "customers.customer_fact"}
_SIGNS = {Op.EQ: "=", Op.NE: "<>", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}
_HOLDS: dict[Op, Callable[[int, int], bool]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}
_TENTHS = 10


@dataclass(frozen=True)
class Rows:
    """Where a value is read: its key as an identity code, its column, the rest of the SELECT.

    Attributes:
        are_single: whether the table holds one such row an identity at most, so nothing is grouped.
        none_is_no: whether an identity without a row is known to have none, rather than unknown.
        are_fans: whether its rows are the fans themselves.
    """

    key: str
    column: str
    rest: str
    are_single: bool = True
    none_is_no: bool = False
    are_fans: bool = False

    def told(self, value: str) -> str:
        """A SELECT of (identity, value), one row an identity."""
        if self.are_single:
            return f"SELECT {self.key} AS identity, {value} AS value {self.rest}"
        return f"SELECT {self.key} AS identity, MAX({value}) AS value {self.rest} GROUP BY 1"

    def own(self, value: str) -> str:
        """The value beside the fan it is of; empty where it lies elsewhere."""
        return f"CASE WHEN {self.column} IS NOT NULL THEN {value} END" if self.are_fans else ""


def _where_known(key: str, column: str, table: str) -> Rows:
    return Rows(key, column, f"FROM {table} WHERE {column} IS NOT NULL", are_fans=table == _FANS)


def _put_on(column: str, table: str) -> Rows:
    """What people put on fans and platforms list: whoever is not listed does not have it."""
    return Rows(_FAN, column, f"FROM {table}", are_single=False, none_is_no=True)


_FAN, _CUSTOMER = KEYS[Side.SOCIAL], KEYS[Side.CUSTOMERS]
_FIELDS: dict[FieldName, Rows] = {
    FieldName.PLATFORM: _where_known(_FAN, "platform", _FANS),
    FieldName.BAND: _where_known(_FAN, "band", "social.weight"),
    FieldName.COMMUNITY: _where_known(_FAN, "community", "social.community"),
    FieldName.EARLY_ACCESS: _where_known(
        _FAN, "early_access", "social.weight JOIN social.band_access USING (band)"
    ),
    FieldName.TAG: _put_on("tag", "social.fan_tag"),
    FieldName.GROUP: _put_on("chat_group", "social.group_member"),
    FieldName.R: _where_known(_CUSTOMER, "r", "customers.rfm"),
    FieldName.F: _where_known(_CUSTOMER, "f", "customers.rfm"),
    FieldName.M: _where_known(_CUSTOMER, "m", "customers.rfm"),
    FieldName.LOVE: _where_known("identity", "love", "relationship.loyalty"),
    FieldName.SPEND: _where_known("identity", "spend", "relationship.loyalty"),
    FieldName.TIER: _where_known("identity", "tier", "relationship.loyalty"),
}


@dataclass
class Bound:
    """The values of one question, each under a name of our own making."""

    values: dict[str, object] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """The placeholder that now stands for the value."""
        name = f"p{len(self.values) + 1}"
        self.values[name] = value
        return f"${name}"


@dataclass(frozen=True)
class Source:
    """One condition, readable from the lake.

    Attributes:
        sql: a SELECT of (identity, value), one row an identity, on the condition's own side.
        test: SQL over ``{value}`` that is true, false or unknown.
        total: how the values of several linked identities become one: SUM or MAX.
        missing: the value of an identity of that side without a row; None: unknown.
        beyond: the value of an identity that is linked to nobody on that side; None: unknown.
        own: the same value as an expression over a row of the fans, where it needs no others: nothing is joined.
    """

    sql: str
    test: str
    total: str = "MAX"
    missing: int | None = None
    beyond: int | None = None
    own: str = ""


def source(leaf: Condition, bound: Bound, as_of: datetime, carried: bool = False) -> Source:
    """What the condition reads when the question is asked at ``as_of``; sums as they are where links carry them."""
    match leaf:
        case Fact():
            return _fact(leaf, bound)
        case Field(field=name, op=op, values=values):
            return _compared(_FIELDS[name], op, values, bound)
        case Count():
            return _count(leaf, bound, as_of, carried)
        case Score():
            return _score(leaf, bound, as_of, carried)
        case Linked(purpose=purpose):
            return _linked(purpose, bound)
        case Followed(window=window):
            return _followed(window, bound, as_of)
        case _:
            return _unfollowed(bound, as_of)


def universe(subject: Subject, values: Sequence[str] = ()) -> str:
    """A SELECT of every identity that the question could yield, each with these values of its own row."""
    table = _FANS if subject is Subject.FANS else _CUSTOMERS
    return f"SELECT {', '.join([f'{KEYS[subject.side]} AS identity', *values])} FROM {table}"


def bridge(subject: Subject, purpose: Purpose, bound: Bound) -> str:
    """A SELECT of (identity, other): the subject's identities and whom links join to them across."""
    placeholder = bound.add(str(purpose))
    bit = 0 if subject is Subject.FANS else 1
    return (
        "SELECT own.identity AS identity, other.identity AS other"
        " FROM relationship.person AS own JOIN relationship.person AS other ON other.person = own.person"
        f" WHERE own.purpose = {placeholder} AND other.purpose = {placeholder}"
        f" AND own.identity % 2 = {bit} AND other.identity % 2 = {1 - bit}"
    )


def _fact(leaf: Fact, bound: Bound) -> Source:
    rest = f"FROM {_FACTS[leaf.side]} WHERE name = {bound.add(leaf.name)} AND best"
    return _compared(Rows(KEYS[leaf.side], "value", rest), leaf.op, leaf.values, bound)


def _compared(rows: Rows, op: Op, values: tuple[Value, ...], bound: Bound) -> Source:
    """A comparison told as 1 and 0; "is not" is the same rows with the test turned round."""
    if op in PRESENCE:
        return Source(rows.told("1"), _is(op is Op.KNOWN), missing=0, beyond=0, own=rows.own("1"))
    truth = _truth(rows.column, op, values, bound)
    value = f"CASE WHEN {truth} THEN 1 WHEN NOT ({truth}) THEN 0 END"
    missing = 0 if rows.none_is_no else None
    return Source(rows.told(value), _is(op is not Op.NE), missing=missing, own=rows.own(value))


def _is(wanted: bool) -> str:
    return f"{{value}} = {1 if wanted else 0}"


def _truth(column: str, op: Op, values: tuple[Value, ...], bound: Bound) -> str:
    read = _readable(column, op, values)
    if op is Op.IN:
        return f"{read} IN ({', '.join(bound.add(value) for value in values)})"
    value = values[0]
    if isinstance(value, str) and op not in {Op.EQ, Op.NE}:
        return f"{read} {_SIGNS[op]} {bound.add(date.fromisoformat(value))}"
    return f"{read} {'=' if op is Op.NE else _SIGNS[op]} {bound.add(value)}"


def _readable(column: str, op: Op, values: tuple[Value, ...]) -> str:
    """The column as what it is compared with; text that is no number or day becomes unknown."""
    if column != "value":
        return column
    if isinstance(values[0], int):
        return "TRY_CAST(value AS DECIMAL(18, 3))"
    if op in {Op.EQ, Op.NE, Op.IN}:
        return "value"
    # Engines differ on short dates, so only full ones are read.
    return "CASE WHEN LENGTH(value) = 10 THEN TRY_CAST(value AS DATE) END"


def _count(leaf: Count, bound: Bound, as_of: datetime, carried: bool) -> Source:
    side = Side.CUSTOMERS if set(leaf.kinds) <= CUSTOMER_KINDS else Side.SOCIAL
    table = "customers.orders" if side is Side.CUSTOMERS else "social.engagement"
    kinds = ", ".join(bound.add(str(kind)) for kind in leaf.kinds)
    wanted = [f"kind IN ({kinds})", *_within(leaf.window, bound, as_of)]
    if leaf.platform is not None:
        wanted.append(f"platform = {bound.add(str(leaf.platform))}")
    if leaf.topic is not None:
        wanted.append(
            f"content IN (SELECT content FROM social.content WHERE topic = {bound.add(leaf.topic)})"
        )
    rows = Rows(KEYS[side], "COUNT(*)", f"FROM {table} WHERE {' AND '.join(wanted)}")
    return _summed(rows, leaf.op, leaf.n, bound, carried)


def _summed(rows: Rows, op: Op, n: int, bound: Bound, carried: bool) -> Source:
    """A sum by identity, compared; where nothing is carried, only who differs from those without rows is told."""
    grouped = f"{rows.rest} GROUP BY 1"
    test = f"{_SIGNS[op]} {bound.add(n)}"
    if carried:
        told = f"SELECT {rows.key} AS identity, {rows.column} AS value {grouped}"
        return Source(told, f"{{value}} {test}", total="SUM", missing=0)
    absent = _HOLDS[op](0, n)
    differs = f"HAVING {'NOT ' if absent else ''}({rows.column} {test})"
    told = f"SELECT {rows.key} AS identity, {int(not absent)} AS value {grouped} {differs}"
    return Source(told, _is(True), missing=int(absent))


def _within(window: Window | None, bound: Bound, as_of: datetime) -> list[str]:
    """When it happened, never after the question is asked."""
    first, last = _ends(window, as_of)
    until = as_of if last is None else min(as_of, _midnight(last + timedelta(days=1)))
    found = [f"happened_at {'<=' if until == as_of else '<'} {bound.add(until)}"]
    if isinstance(window, Last):
        found.append(f"happened_at > {bound.add(as_of - timedelta(days=window.days))}")
    elif first is not None:
        found.append(f"happened_at >= {bound.add(_midnight(first))}")
    return found


def _ends(window: Window | None, as_of: datetime) -> tuple[date | None, date | None]:
    """First and last day of a window, both included; None where it is open."""
    match window:
        case Last(days=days):
            return as_of.date() - timedelta(days=days), None
        case Between(first=first, last=last):
            return first, last
    return None, None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _score(leaf: Score, bound: Bound, as_of: datetime, carried: bool) -> Source:
    months = as_of.year * 12 + as_of.month - leaf.months
    first = date(months // 12, months % 12 + 1, 1)
    within = f"month >= {bound.add(first)} AND month <= {bound.add(as_of.date())}"
    rows = Rows(_FAN, f"SUM({leaf.score})", f"FROM social.score WHERE {within}")
    return _summed(rows, leaf.op, leaf.n * _TENTHS, bound, carried)


def _linked(purpose: Purpose, bound: Bound) -> Source:
    placeholder = bound.add(str(purpose))
    sql = (
        "SELECT own.identity AS identity, MAX(1) AS value"
        " FROM relationship.person AS own JOIN relationship.person AS other ON other.person = own.person"
        f" WHERE own.purpose = {placeholder} AND other.purpose = {placeholder}"
        " AND own.identity % 2 <> other.identity % 2 GROUP BY 1"
    )
    return Source(sql, _is(True), missing=0)


def _followed(window: Window, bound: Bound, as_of: datetime) -> Source:
    first, last = _ends(window, as_of)
    wanted = [f"followed_day <= {bound.add(as_of.date() if last is None else min(last, as_of.date()))}"]
    if first is not None:
        wanted.append(f"followed_day >= {bound.add(first)}")
    rows = _where_known(_FAN, "followed_day", _FANS)
    value = f"CASE WHEN {' AND '.join(wanted)} THEN 1 ELSE 0 END"
    return Source(rows.told(value), _is(True), own=rows.own(value))


def _unfollowed(bound: Bound, as_of: datetime) -> Source:
    gone = (
        f"unfollowed_day <= {bound.add(as_of.date())}"
        " AND (followed_day IS NULL OR followed_day <= unfollowed_day)"
    )
    sql = f"SELECT {_FAN} AS identity, 1 AS value FROM {_FANS} WHERE {gone}"
    return Source(sql, _is(True), missing=0, own=f"CASE WHEN {gone} THEN 1 END")
