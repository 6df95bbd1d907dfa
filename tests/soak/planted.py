"""Small random tables of the lake's shapes and values for the marks of questions, for two engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from sqlglot import exp

from guanxi.composition.house import declared_tables

ROWS = 400
IDS = 60
OTHERS = 12  # few enough that joins find each other
AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT, NUMBER, SMALL, DAY = pa.string(), pa.int64(), pa.int32(), pa.date32()
MOMENT = pa.timestamp("us", tz="UTC")

DECLARED = {f"{table.side.value}.{table.name}": table.schema for table in declared_tables()}
_KEY = {"ref": NUMBER, "account": SMALL, "kind": TEXT, "key": TEXT}
_FACT = {"name": TEXT, "value": TEXT, "source": TEXT, "confidence": pa.float64(), "stated_at": MOMENT}
_FAN = {"fan": NUMBER, "account": SMALL, "platform": TEXT, "followed_day": DAY, "unfollowed_day": DAY}
_MEMBER = {"identity": NUMBER, "since": MOMENT, "fresh": pa.bool_()}
_RULE_NUMBERS = ("rule", "amount", "unit", "cap_day", "cap_month")
_RULE_TEXTS = ("points", "kind", "platform", "currency")
_RULE = {**dict.fromkeys(_RULE_NUMBERS, NUMBER), **dict.fromkeys(_RULE_TEXTS, TEXT), "fresh": pa.bool_()}
_HELD = dict.fromkeys(("account", "love", "spend", "love_earned", "spend_earned"), NUMBER)
_CONTENT = {"content": NUMBER, "account": SMALL, "platform": TEXT, "kind": TEXT, "topic": TEXT}
# What a room offers to its questions, by room and name.
OFFERED: dict[str, dict[str, pa.DataType]] = {
    "correlation.fan_key": _KEY,
    "correlation.customer_key": _KEY,
    "social.point": {
        **{"kind": TEXT, "depth": TEXT},
        **dict.fromkeys(("percent", "daily", "campaign", "moved", "second"), NUMBER),
    },
    "social.topic_weight": {"topic": TEXT, "percent": NUMBER},
    "social.decay": {"day": DAY, "daily": NUMBER, "campaign": NUMBER},
    "social.read_fan": _FAN,
    "social.read_fact": {"fan": NUMBER, **_FACT},
    "social.read_content": {**_CONTENT, "promotes_product": pa.bool_(), "published_day": DAY},
    "social.read_share_arm": {
        **{"trial": NUMBER, "percent": SMALL, "content": NUMBER, "platform": TEXT, "fan": NUMBER},
        **{"invited": pa.bool_(), "drawn_at": MOMENT},
    },
    "social.changed_fan": {"fan": NUMBER},
    "social.read_group_member": {"fan": NUMBER, "chat_group": NUMBER},
    "social.read_fan_tag": {"fan": NUMBER, "tag": TEXT},
    "customers.read_customer": {"customer": NUMBER, "account": SMALL},
    "customers.read_fact": {"customer": NUMBER, **_FACT},
    "customers.changed_customer": {"customer": NUMBER},
    "social.wanted_fan": {"fan": NUMBER},
    "social.left_out": {"fan": NUMBER},
    "customers.wanted_customer": {"customer": NUMBER},
    "influence.kept_out": {"tag": TEXT},
    "influence.near": {"fan": NUMBER},
    "influence.wanted": {"fan": NUMBER},
    "influence.crowd_member": {"identity": NUMBER},
    "influence.community_offered": {"fan": NUMBER, "community": NUMBER, "size": NUMBER},
    "influence.known_trait": {"fan": NUMBER, "trait": TEXT, "value": TEXT},
    "influence.fresh_move": {
        "influencer": NUMBER,
        "influenced": NUMBER,
        "platform": TEXT,
        "content": NUMBER,
        "reference": TEXT,
        "alone": NUMBER,
        "first_day": DAY,
    },
    "influence.fresh_giving": {"influencer": NUMBER, "content": NUMBER, "reference": TEXT, "first_day": DAY},
    "influence.affected": {"influencer": NUMBER},
    "influence.touched_pair": {"influencer": NUMBER, "influenced": NUMBER},
    "influence.tie_offered": {
        "influencer": NUMBER,
        "influenced": NUMBER,
        "platform": TEXT,
        "successes": NUMBER,
        "opportunities": NUMBER,
        "first_day": DAY,
        "last_day": DAY,
        **dict.fromkeys(("probability", "low", "high"), pa.float64()),
    },
    "influence.day_weight": {"day": DAY, "thousandths": NUMBER},
    "loyalty.member": _MEMBER,
    "loyalty.rule": {**_RULE, "valid_from": MOMENT, "valid_to": MOMENT},
    "loyalty.held": _HELD,
    "outreach.live_campaign": {"campaign": NUMBER},
    "outreach.member": {"person": NUMBER, "identity": NUMBER},
    "outreach.asked_account": {"account": SMALL},
    "outreach.asked_channel": {"channel": TEXT},
    "outreach.place_zone": {"place": TEXT, "zone": TEXT},
    "outreach.band_cap": {"band": TEXT, "sends_max": NUMBER, "begins": MOMENT},
    "outreach.first_band": {"band": TEXT},
    "outreach.early_band": {"band": TEXT, "opens_at": MOMENT},
    "outreach.answer": {"fan": NUMBER, "answered_at": MOMENT},
    "outreach.promise": {"band": TEXT, "late_before": MOMENT},
    "outreach.reply_window": {"platform": TEXT, "open_after": MOMENT},
}
MONTH = AS_OF.date().replace(day=1)
# A mark's value, where one room means something else by it under the room's name.
MARKS: dict[str, Any] = {
    **dict.fromkeys(("as_of", "until", "now", "start"), AS_OF),
    **dict.fromkeys(("brand_start", "platform_start", "since"), AS_OF - timedelta(days=30)),
    **dict.fromkeys(("brand_max", "platform_max", "size"), 2),
    **dict.fromkeys(("campaign", "segment", "fan", "customer", "influencer", "content", "chat_group"), 3),
    "influenced": 4,
    **dict.fromkeys(("channel", "platform", "city", "currency", "kind", "topic", "reason", "verdict"), "x"),
    **dict.fromkeys(("whole", "named", "slipping"), False),
    **dict.fromkeys(("follows", "fact", "fact_value", "promotes"), ""),
    **dict.fromkeys(("r", "f", "m", "account"), 0),
    **dict.fromkeys(("month", "last"), MONTH),
    "first": MONTH.replace(year=MONTH.year - 1),
    "today": AS_OF.date(),
    "from_day": AS_OF.date() - timedelta(days=90),
    "horizon": AS_OF + timedelta(days=7),
    "due_after": timedelta(days=60),
    "crowd_max": 20,
    "cursor": 5,
    "days": 30,
    "rows": 10_000,
    "sends": 2,
    "has_window": True,
    "window": "month",
    **dict.fromkeys(("read_seconds", "read_percent"), 4),
    **dict.fromkeys(("deep_seconds", "deep_percent"), 8),
    "purpose": "contact",
    "zone": "Asia/Shanghai",
    "influence.after": 40,
    "influence.alike": "city",
    "influence.newest": 300,
    "influence.every": 2,
    "influence.turned": False,
    "influence.within": timedelta(days=7),
    "influence.band": "",
    "influence.moves": 1,
    "influence.people": 1,
    "influence.screening": "",
    "influence.strong": 50,
    "influence.day": AS_OF.date() - timedelta(days=90),
    "influence.since": MONTH - timedelta(days=90),
    "loyalty.until": ROWS,
    "outreach.start": 0,
    "outreach.opens_at": AS_OF,
    "outreach.bands": "|x|y|",
    "outreach.fan": 0,
    "outreach.kept": 200,
    "outreach.pause": timedelta(days=1),
}


class Unplanted(LookupError):
    """A question names a table or a mark that this module has no rows or value for."""


def schema_of(room: str, name: str) -> pa.Schema:
    found = DECLARED.get(name) or OFFERED.get(f"{room}.{name}")
    if found is None:
        raise Unplanted(f"say in OFFERED what columns {room}.{name} has")
    return found if isinstance(found, pa.Schema) else pa.schema(found.items())


def value_of(room: str, mark: str) -> Any:
    found = [MARKS[name] for name in (f"{room}.{mark}", mark) if name in MARKS]
    if not found:
        raise Unplanted(f"say in MARKS what ${mark} is in {room}")
    return found[0]


def words_of(question: exp.Expression) -> list[str]:
    """The texts that a question compares with, so that its conditions hold for some rows."""
    literals = {literal.this for literal in question.find_all(exp.Literal) if literal.is_string}
    return [*sorted(literals), "contact", "x", "y"]


def rows_of(name: str, schema: pa.Schema, words: list[str]) -> pa.Table:
    """Random rows: keys unique, other numbers from a small range, a tenth of what may be null is null."""
    rng = np.random.default_rng(sum(map(ord, name)))
    own_name = name.split(".")[-1]
    rows = IDS if own_name in schema.names else ROWS
    columns = [_column(rng, field, rows, field.name in ("id", own_name), words) for field in schema]
    return pa.table(columns, schema=schema)


def _column(rng: np.random.Generator, field: pa.Field, rows: int, key: bool, words: list[str]) -> pa.Array:
    if key:
        return pa.array(rng.permutation(rows), field.type)
    nulls = rng.random(rows) < (0.1 if field.nullable else 0.0)
    values = zip(nulls, _values(rng, field, rows, words), strict=True)
    return pa.array([None if null else value for null, value in values], field.type)


def _values(rng: np.random.Generator, field: pa.Field, rows: int, words: list[str]) -> list[Any]:
    if pa.types.is_string(field.type):
        return list(rng.choice(words, rows))
    if pa.types.is_boolean(field.type):
        return list(rng.random(rows) < 0.5)
    if pa.types.is_floating(field.type):
        return list(rng.integers(0, 9, rows) / 8)
    if pa.types.is_date(field.type):
        return _days(rng, field.name, rows)
    if pa.types.is_timestamp(field.type):
        ahead = timedelta(days=7 if field.name in ("until", "valid_to") else 0)
        return [AS_OF + ahead - timedelta(minutes=int(n)) for n in rng.integers(0, 300_000, rows)]
    low, high = (-200, 400) if field.name == "amount" else (1, OTHERS)
    return [int(n) for n in rng.integers(low, high, rows)]


def _days(rng: np.random.Generator, name: str, rows: int) -> list[date]:
    days = [AS_OF.date() - timedelta(days=int(n)) for n in rng.integers(0, 200, rows)]
    return [day.replace(day=1) for day in days] if name == "month" else days
