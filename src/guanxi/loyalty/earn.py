"""Members earn by the facts in the lake: each (rule, activity) once, the cursor with the last entries.

Late facts: an activity counts by when it happened, if that is no more than the programme's ``backdate_days``
before the account was opened; it may be heard, and the account opened, in any order. A new account or rule
catches up once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.channels.rules import rewardable
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.loyalty.booking import book_awards
from guanxi.loyalty.legality import forbidding_rules
from guanxi.records.actor import SYSTEM
from guanxi.records.audit import record
from guanxi.records.columns import copy_columns
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import Progress
from guanxi.vocabulary.reasons import Refused

Connection = psycopg.Connection[Any]

CHUNK = 25_000
_SOURCES = {Side.SOCIAL: ("engagement", "social_awards"), Side.CUSTOMERS: ("orders", "purchase_awards")}
_AWARD_COLUMNS = [
    *("rule", "account", "points", "side", "fact", "activity", "line", "entry_kind", "amount", "happened_at"),
    "reverses_activity",
]
_MOMENT = pa.timestamp("us", tz="UTC")
_MEMBERS = pa.schema(
    [("identity", pa.int64()), ("since", _MOMENT), ("turn", pa.int64()), ("fresh", pa.bool_())]
)
RULES = pa.schema(
    [
        *(("rule", pa.int64()), ("kind", pa.string()), ("platform", pa.string()), ("points", pa.string())),
        *(("amount", pa.int64()), ("unit", pa.int64()), ("currency", pa.string()), ("cap_day", pa.int64())),
        *(("cap_month", pa.int64()), ("valid_from", _MOMENT), ("valid_to", _MOMENT), ("fresh", pa.bool_())),
    ]
)


@dataclass(frozen=True)
class EarnReport:
    """What a run booked; `refused`: awards not booked, by the platform rule that forbids them."""

    earned: int = 0
    refunded: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def earn(engine: Engine, as_of: datetime, tell: Progress) -> EarnReport:
    """Everything that members earned or returned by the facts heard so far is booked, once."""
    members, rules = _members(), _rules()
    engine.offer("member", members)
    engine.offer("rule", rules)
    tell.begin("earn")
    total = EarnReport()
    for side in _SOURCES:
        start, end = _cursor(raw(RELATIONSHIP), side), _last_fact(engine, side)
        awards, refused = _legal(_awards(engine, side, start, end, members, rules))
        earned, refunded = _book(side, start, end, awards, as_of, tell)
        refusals = {rule: total.refused.get(rule, 0) + n for rule, n in refused.items()}
        total = EarnReport(total.earned + earned, total.refunded + refunded, {**total.refused, **refusals})
    _caught_up(members, rules, total)
    tell.end()
    return total


def _members() -> pa.Table:
    question = """
        SELECT a.identity, a.opened_at - make_interval(days => p.backdate_days), a.turn, NOT a.caught_up
        FROM loyalty_account a JOIN programme p ON p.is_open WHERE a.state = 'open'
    """
    return _copied(question, _MEMBERS)


def _rules() -> pa.Table:
    question = """
        SELECT r.id, k.kind, r.platform, r.points, r.amount, r.unit, r.currency, r.cap_day, r.cap_month,
            r.valid_from, r.valid_to, NOT r.caught_up
        FROM earning_rule r JOIN programme p ON p.id = r.programme_id AND p.is_open,
            jsonb_array_elements_text(r.kinds) AS k (kind)
        ORDER BY r.id, k.kind
    """
    return _copied(question, RULES)


def _copied(question: str, schema: pa.Schema) -> pa.Table:
    return copy_columns(raw(RELATIONSHIP), question, schema)


def _awards(engine: Engine, side: Side, start: int, end: int, members: pa.Table, rules: pa.Table) -> pa.Table:
    from_day = date(1, 1, 1)
    if side is Side.SOCIAL and not (pc.any(members["fresh"]).as_py() or pc.any(rules["fresh"]).as_py()):
        from_day = _first_month(engine, start)
    values: dict[str, Any] = {"cursor": start, "until": end}
    if side is Side.SOCIAL:
        values["from_day"] = from_day
    found = engine.ask(sql("guanxi.loyalty", _SOURCES[side][1]), **values)
    prefix = pa.scalar(f"{side.value}:")
    number = pc.cast(found["fact"], pa.string())
    original = pc.cast(found["reverses_fact"], pa.string())
    named = found.append_column("activity", pc.binary_join_element_wise(prefix, number, ""))
    return named.append_column("reverses_activity", pc.binary_join_element_wise(prefix, original, ""))


def _first_month(engine: Engine, start: int) -> date:
    """The month of the oldest news: caps count from its first day."""
    question = "SELECT MIN(day) AS day FROM social.engagement WHERE id > $cursor"
    oldest = engine.ask(question, cursor=start)["day"][0].as_py()
    return date.max if oldest is None else oldest.replace(day=1)


def _last_fact(engine: Engine, side: Side) -> int:
    question = f"SELECT COALESCE(MAX(id), 0) AS last FROM {side.value}.{_SOURCES[side][0]}"  # noqa: S608
    return int(engine.ask(question)["last"][0].as_py())


def _legal(awards: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """The awards that no platform forbids, and how many each platform rule struck out."""
    refused: dict[str, int] = {}
    kept = awards
    for row in awards.group_by(["platform", "kind"]).aggregate([("fact", "count")]).to_pylist():
        forbidding = forbidding_rules(rewardable, [row["kind"]], row["platform"])
        if forbidding:
            refused[forbidding[0]] = refused.get(forbidding[0], 0) + row["fact_count"]
            struck = pc.and_(pc.equal(kept["platform"], row["platform"]), pc.equal(kept["kind"], row["kind"]))
            kept = kept.filter(pc.invert(struck))
    return kept, refused


def _book(
    side: Side, start: int, end: int, awards: pa.Table, as_of: datetime, tell: Progress
) -> tuple[int, int]:
    rows = awards.append_column("side", pa.repeat(side.value, awards.num_rows)).select(_AWARD_COLUMNS)
    earned = refunded = 0
    for first in range(0, max(rows.num_rows, 1), CHUNK):
        with transaction(RELATIONSHIP) as connection:
            if _cursor(connection, side, lock=True) != start:
                raise Refused("earning_moved_meanwhile", side.value)
            counts = book_awards(connection, rows.slice(first, CHUNK), SYSTEM.name, as_of)
            if first + CHUNK >= rows.num_rows:
                connection.execute(
                    "UPDATE earning_cursor SET position = %s WHERE side = %s", (end, side.value)
                )
        earned, refunded = earned + counts[0], refunded + counts[1]
        tell.advance(min(CHUNK, rows.num_rows - first))
    return earned, refunded


def _cursor(connection: Connection, side: Side, lock: bool = False) -> int:
    connection.execute(
        "INSERT INTO earning_cursor (side, position) VALUES (%s, 0) ON CONFLICT DO NOTHING", (side.value,)
    )
    locking = " FOR UPDATE" if lock else ""
    row = connection.execute(
        f"SELECT position FROM earning_cursor WHERE side = %s{locking}",  # noqa: S608
        (side.value,),
    ).fetchone()
    assert row is not None
    return int(row[0])


def _caught_up(members: pa.Table, rules: pa.Table, report: EarnReport) -> None:
    """Who and what was fresh in this run is fresh no more; an account that reopened meanwhile stays fresh."""
    fresh = members.filter(members["fresh"])
    fresh_rules = sorted(set(rules.filter(rules["fresh"])["rule"].to_pylist()))
    with transaction(RELATIONSHIP) as connection:
        connection.execute(
            "UPDATE loyalty_account a SET caught_up = true FROM unnest(%s::bigint[], %s::bigint[]) f (i, t) "
            "WHERE a.identity = f.i AND a.turn = f.t",
            (fresh["identity"].to_pylist(), fresh["turn"].to_pylist()),
        )
        connection.execute("UPDATE earning_rule SET caught_up = true WHERE id = ANY(%s)", (fresh_rules,))
        if report.refused:
            record(RELATIONSHIP, SYSTEM, "rewards_refused", "earning", dict(report.refused))
