"""Chat groups and tags: who is in which group, how much is said there, and which tags a fan carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import SOCIAL, raw
from guanxi.social.queries.asking import names_of
from guanxi.vocabulary.reasons import Refused

ACTIVITY_DAYS = 30
_ROOM = "guanxi.social"
_IS_IN = "(m.left_at IS NULL OR greatest(m.joined_at, m.heard_at) > m.left_at)"
_IS_OPEN = "(g.closed_at IS NULL OR g.opened_at > g.closed_at)"
_GROUPS = f"""
SELECT g.id, g.name, g.kind, a.platform, a.name, {_IS_OPEN},
    (SELECT count(*) FROM group_member m WHERE m.chat_group = g.id AND {_IS_IN})
FROM chat_group g JOIN account a ON a.id = g.account_id
WHERE %(group)s::bigint IS NULL OR g.id = %(group)s ORDER BY g.id
"""  # noqa: S608 -- two constants of this file
_MEMBERS = f"""
SELECT m.fan, m.joined_at, m.heard_at, m.left_at, {_IS_IN}
FROM group_member m WHERE m.chat_group = %s ORDER BY m.fan
"""  # noqa: S608 -- a constant of this file
_OF_FAN = f"""
SELECT g.id, g.name, m.joined_at FROM group_member m JOIN chat_group g ON g.id = m.chat_group
WHERE m.fan = %s AND {_IS_IN} AND {_IS_OPEN} ORDER BY g.name, g.id
"""  # noqa: S608 -- two constants of this file
_ACCOUNT = "SELECT a.id, a.platform FROM fan f JOIN account a ON a.id = f.account_id WHERE f.id = %s"
_TAGS_OF_FAN = """
SELECT t.id, coalesce(nullif(t.name, ''), t.external_id), x.tagged_at FROM fan_tag x JOIN tag t ON t.id = x.tag
WHERE x.fan = %s AND (x.untagged_at IS NULL OR x.tagged_at > x.untagged_at) ORDER BY 2, 1
"""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A chat group, its members now, and what was said in the last `ACTIVITY_DAYS` days."""

    group: int
    name: str
    kind: str
    platform: str
    account_name: str
    is_open: bool
    members: int
    said: int
    speakers: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A fan who is or was in a group; ``name`` is empty for who may not see names."""

    fan: int
    name: str
    is_in: bool
    joined_at: datetime | None
    heard_at: datetime | None
    left_at: datetime | None
    said: int


@dataclass(frozen=True, slots=True)
class FanGroup:
    """A group that a fan is in."""

    group: int
    name: str
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class FanTagRow:
    """A tag that a fan carries."""

    tag: int
    name: str
    tagged_at: datetime


def groups(actor: Actor, engine: Engine, as_of: datetime) -> tuple[GroupRow, ...]:
    """Every chat group, the oldest first."""
    require(actor, Permission.SEE_SOCIAL)
    return _groups(engine, as_of, None)


def group(actor: Actor, engine: Engine, as_of: datetime, pk: int) -> GroupRow:
    """One chat group; refused where there is no such group."""
    require(actor, Permission.SEE_SOCIAL)
    found = _groups(engine, as_of, pk)
    if not found:
        raise Refused("no_such_group", str(pk))
    return found[0]


def members(actor: Actor, engine: Engine, as_of: datetime, pk: int) -> tuple[MemberRow, ...]:
    """Whoever is or was in a group."""
    require(actor, Permission.SEE_SOCIAL)
    question = sql(_ROOM, "group_speakers")
    said = engine.ask(question, chat_group=pk, from_day=_first_day(as_of)).to_pylist()
    counted = {row["fan"]: row["said"] for row in said}
    rows = raw(SOCIAL).execute(_MEMBERS, (pk,)).fetchall()
    names = names_of(actor, [fan for fan, *_ in rows])
    return tuple(
        MemberRow(fan, names.get(fan, ""), is_in, joined_at, heard_at, left_at, counted.get(fan, 0))
        for fan, joined_at, heard_at, left_at, is_in in rows
    )


def account_of_fan(actor: Actor, fan: int) -> tuple[int, str]:
    """The account whose fan this is, and its platform; refused where there is no such fan."""
    require(actor, Permission.SEE_SOCIAL)
    row = raw(SOCIAL).execute(_ACCOUNT, (fan,)).fetchone()
    if row is None:
        raise Refused("no_such_fan", str(fan))
    return int(row[0]), str(row[1])


def groups_of_fan(actor: Actor, fan: int) -> tuple[FanGroup, ...]:
    """The groups that a fan is in now."""
    require(actor, Permission.SEE_SOCIAL)
    return tuple(FanGroup(*row) for row in raw(SOCIAL).execute(_OF_FAN, (fan,)))


def tags_of_fan(actor: Actor, fan: int) -> tuple[FanTagRow, ...]:
    """The tags that a fan carries now."""
    require(actor, Permission.SEE_SOCIAL)
    return tuple(FanTagRow(*row) for row in raw(SOCIAL).execute(_TAGS_OF_FAN, (fan,)))


def _groups(engine: Engine, as_of: datetime, pk: int | None) -> tuple[GroupRow, ...]:
    talk: dict[int, dict[str, Any]] = {
        row["chat_group"]: row
        for row in engine.ask(sql(_ROOM, "group_talk"), from_day=_first_day(as_of)).to_pylist()
    }
    silent = {"said": 0, "speakers": 0, "last_day": None}
    return tuple(
        GroupRow(
            number,
            name,
            kind,
            platform,
            account,
            is_open,
            count if is_open else 0,
            **{key: talk.get(number, silent)[key] for key in silent},
        )
        for number, name, kind, platform, account, is_open, count in raw(SOCIAL).execute(
            _GROUPS, {"group": pk}
        )
    )


def _first_day(as_of: datetime) -> date:
    return (as_of - timedelta(days=ACTIVITY_DAYS)).date()
