"""What doors show of members: a statement with the reason of every entry, and love against money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guanxi.correlation.models import PersonMember
from guanxi.correlation.purposes import Purpose
from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.loyalty.models import Account, Balance
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused

STEPS = (0, 1, 10, 25, 50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200)


@dataclass(frozen=True)
class StatementLine:
    """One change of a person's points, and why; ``identity`` says by which of their accounts."""

    entry: UUID
    identity: int
    points: Points
    amount: int
    kind: str
    rule: str | None
    activity: str
    reason: str
    booked_at: datetime
    recorded_at: datetime
    reverses: UUID | None


@dataclass(frozen=True)
class Statement:
    """What a person holds over all accounts, and how it came to be; newest first."""

    identities: tuple[int, ...]
    love: int
    spend: int
    member_since: datetime
    lines: tuple[StatementLine, ...]
    lines_total: int


@dataclass(frozen=True)
class PlaneCell:
    """Persons whose love and spend points have reached these steps; ``spend`` None: money unknown."""

    love: int
    spend: int | None
    tier: str | None
    persons: int


def statement(actor: Actor, identity: int, offset: int = 0, limit: int = 50) -> Statement:
    """The statement of whoever this identity is; refused where they are no member."""
    require(actor, Permission.SEE_LOYALTY)
    own = PersonMember.objects.filter(purpose=Purpose.REWARD, identity=identity).values_list(
        "person", flat=True
    )
    linked = PersonMember.objects.filter(purpose=Purpose.REWARD, person__in=own)
    identities = sorted(linked.values_list("identity", flat=True)) or [identity]
    opened = Account.objects.filter(identity__in=identities).values_list("opened_at", flat=True)
    if not opened:
        raise Refused("no_such_account", str(identity))
    held = dict.fromkeys(Points, 0)
    for points, amount in Balance.objects.filter(account__in=identities).values_list("points", "amount"):
        held[Points(points)] += amount
    lines, total = _lines(identities, offset, min(limit, 500))
    return Statement(tuple(identities), held[Points.LOVE], held[Points.SPEND], min(opened), lines, total)


def plane(actor: Actor, engine: Engine) -> tuple[PlaneCell, ...]:
    """Where members stand between love and money, in steps; whose money side is unknown stands apart."""
    require(actor, Permission.SEE_LOYALTY)
    answer = engine.ask(
        _PLANE_STEPS.format(people=sql("guanxi.loyalty", "plane"), love=_step("love"), spend=_step("spend"))
    )
    return tuple(PlaneCell(**row) for row in answer.to_pylist())


_PLANE_STEPS = """
WITH people AS ({people}),
stepped AS (
    SELECT {love} AS love, CASE WHEN money_known THEN {spend} END AS spend, tier FROM people
)
SELECT love, spend, tier, COUNT(*) AS persons FROM stepped GROUP BY love, spend, tier ORDER BY love, spend,
tier
"""


ANY, UNKNOWN = -2, -1
NO_TIER = "-"
SORTS = frozenset({"person", "love", "spend", "tier"})


@dataclass(frozen=True)
class MemberRow:
    """A member as lists show it; ``spend`` is None where their money side is unknown."""

    person: int
    love: int
    spend: int | None
    tier: str | None


def members_at(
    actor: Actor,
    engine: Engine,
    love: int = ANY,
    spend: int = ANY,
    tier: str = "",
    sort: str = "-love",
    offset: int = 0,
    limit: int = 50,
) -> tuple[tuple[MemberRow, ...], int]:
    """The members at a cell of the plane (steps of love and spend; `UNKNOWN` money; `ANY`), and how many.

    ``tier`` is the name of the only one, `NO_TIER` for those without, empty for all.
    """
    require(actor, Permission.SEE_LOYALTY)
    question = _AT_STEPS.format(
        people=sql("guanxi.loyalty", "plane"), love=_step("love"), spend=_step("spend")
    )
    values = {"love": love, "spend": spend, "tier": tier}
    rows = ordered_page(engine, question, values, sort, SORTS, offset, limit, "person")
    return tuple(MemberRow(**row) for row in rows), row_count(engine, question, values)


_AT_STEPS = """
SELECT person, love, CASE WHEN money_known THEN spend END AS spend, tier
FROM ({people}) AS people
WHERE ($love = -2 OR {love} = $love)
AND ($spend = -2 OR CASE WHEN money_known THEN {spend} ELSE -1 END = $spend)
AND ($tier = '' OR COALESCE(tier, '-') = $tier)
"""


def _step(column: str) -> str:
    """SQL for the highest step that a column's value has reached."""
    cases = " ".join(f"WHEN {column} >= {step} THEN {step}" for step in reversed(STEPS))
    return f"CASE {cases} END"


def _lines(identities: list[int], offset: int, limit: int) -> tuple[tuple[StatementLine, ...], int]:
    question = """
        SELECT e.id, p.account, p.points, p.amount, e.kind, r.name, e.activity, e.reason, e.booked_at,
            e.recorded_at, e.reverses, count(*) OVER ()
        FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry
        LEFT JOIN ledger_entry o ON o.id = e.reverses
        LEFT JOIN earning_rule r ON r.id = coalesce(e.rule, o.rule)
        WHERE p.account >= 0 AND p.account = ANY(%s)
        ORDER BY e.booked_at DESC, e.recorded_at DESC, e.id, p.account, p.points OFFSET %s LIMIT %s
    """
    rows = raw(RELATIONSHIP).execute(question, (identities, offset, limit)).fetchall()
    lines = tuple(StatementLine(row[0], row[1], Points(row[2]), *row[3:11]) for row in rows)
    return lines, rows[0][11] if rows else 0
