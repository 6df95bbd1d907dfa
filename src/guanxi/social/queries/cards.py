"""One fan: what is known with sources, the scores with the activities behind them, and the timeline."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.keys import Contact
from guanxi.social.models import ContactKey, Content, Fan
from guanxi.social.queries.asking import names_of, offer_fans
from guanxi.social.queries.scores import Part, worthiest
from guanxi.vocabulary.facts import FactRow, decode, fact_rows
from guanxi.vocabulary.reasons import Refused

_ROOM = "guanxi.social"
_ALSO_MAX = 20


@dataclass(frozen=True, slots=True)
class MonthScore:
    """Both scores of a month in tenths, and what they are made of."""

    month: date
    daily: int
    campaign: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FanCard:
    """What is known of a fan; ``name`` and ``external_id`` are empty for who may not see them.

    Attributes:
        contacts: kinds of contact that are known (phone, email, union_id).
        also: fans on other accounts that share such a contact.
    """

    fan: int
    account: int
    account_name: str
    platform: str
    name: str
    external_id: str
    follows: bool | None
    followed_at: datetime | None
    unfollowed_at: datetime | None
    recorded_at: datetime
    facts: tuple[FactRow, ...]
    contacts: tuple[str, ...]
    also: tuple[int, ...]
    months: tuple[MonthScore, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something the fan did (``other``: through whom), or somebody did through the fan (``other``: who)."""

    id: int
    happened_at: datetime
    kind: str
    platform: str
    content: int | None
    title: str
    campaign: str | None
    other: int | None
    other_name: str
    moved: bool


def fan_card(actor: Actor, engine: Engine, fan: int) -> FanCard:
    """Everything on a fan's card; refused where there is no such fan."""
    require(actor, Permission.SEE_SOCIAL)
    one = Fan.objects.select_related("account").filter(pk=fan).first()
    if one is None:
        raise Refused("no_such_fan", str(fan))
    personal = actor.may(Permission.SEE_PERSONAL)
    kinds = (
        ContactKey.objects.filter(ref=fan).exclude(kind=Contact.FAN_ACCOUNT).values_list("kind", flat=True)
    )
    return FanCard(
        fan=fan,
        account=one.account_id,
        account_name=one.account.name,
        platform=one.account.platform,
        name=one.name if personal else "",
        external_id=one.external_id if personal else "",
        follows=_follows(one.followed_at, one.unfollowed_at),
        followed_at=one.followed_at,
        unfollowed_at=one.unfollowed_at,
        recorded_at=one.recorded_at,
        facts=facts_of(fan),
        contacts=tuple(sorted(set(kinds))),
        also=_also(fan),
        months=_months(engine, fan),
    )


def facts_of(fan: int) -> tuple[FactRow, ...]:
    """Every source's word, the one to go by first."""
    row = raw(SOCIAL).execute("SELECT facts::text FROM fan WHERE id = %s", (fan,)).fetchone()
    return fact_rows(decode(row[0])) if row else ()


@dataclass(frozen=True, slots=True)
class Within:
    """Which part of a timeline: from the first to the last day, of one kind or of any."""

    first: date = date.min
    last: date = date.max
    kind: str = ""


def fan_timeline(
    actor: Actor, engine: Engine, fan: int, offset: int = 0, limit: int = 50, within: Within = Within()
) -> tuple[TimelineRow, ...]:
    """What the fan did and what was done through the fan, latest first."""
    require(actor, Permission.SEE_SOCIAL)
    question, values = sql(_ROOM, "timeline"), _asked(fan, within)
    rows = ordered_page(engine, question, values, "-happened_at", {"happened_at"}, offset, limit, "id DESC")
    contents = {row["content"] for row in rows if row["content"]}
    titles = dict(Content.objects.filter(pk__in=contents).values_list("id", "title"))
    others = [_other(row, fan) for row in rows]
    names = names_of(actor, {other for other in others if other})
    return tuple(
        TimelineRow(
            id=row["id"],
            happened_at=row["happened_at"],
            kind=row["kind"],
            platform=row["platform"],
            content=row["content"],
            title=titles.get(row["content"], ""),
            campaign=row["campaign"],
            other=other,
            other_name=names.get(other, "") if other else "",
            moved=row["fan"] != fan,
        )
        for row, other in zip(rows, others, strict=True)
    )


def timeline_count(actor: Actor, engine: Engine, fan: int, within: Within) -> int:
    """How many rows that part of the timeline has."""
    require(actor, Permission.SEE_SOCIAL)
    return row_count(engine, sql(_ROOM, "timeline"), _asked(fan, within))


def _asked(fan: int, within: Within) -> dict[str, Any]:
    return {"fan": fan, "first": within.first, "last": within.last, "kind": within.kind}


def _other(row: dict[str, Any], fan: int) -> int | None:
    other: int | None = row["through"] if row["fan"] == fan else row["fan"]
    return other


def _follows(followed_at: datetime | None, unfollowed_at: datetime | None) -> bool | None:
    if followed_at is None or unfollowed_at is None:
        return None if followed_at is None and unfollowed_at is None else unfollowed_at is None
    return followed_at > unfollowed_at


def _also(fan: int) -> tuple[int, ...]:
    """Fans who share a phone, address or union id; a contact held by a crowd says nothing."""
    rows = raw(SOCIAL).execute(
        "SELECT DISTINCT other.ref FROM contact_key own JOIN contact_key other USING (kind, key)"
        " WHERE own.ref = %s AND other.ref <> own.ref ORDER BY other.ref LIMIT %s",
        (fan, _ALSO_MAX + 1),
    )
    found = tuple(ref for (ref,) in rows)
    return found if len(found) <= _ALSO_MAX else ()


def _months(engine: Engine, fan: int) -> tuple[MonthScore, ...]:
    offer_fans(engine, [fan])
    scores = engine.ask(sql(_ROOM, "scores_of_fans")).to_pylist()
    parts: dict[date, list[Part]] = defaultdict(list)
    for row in engine.ask(sql(_ROOM, "activities_of_fans"), first=date.min, last=date.max).to_pylist():
        parts[row["month"]].append(
            Part(row["kind"], row["n"], row["moved"], row["second"], row["daily"], row["campaign"])
        )
    return tuple(
        MonthScore(row["month"], row["daily"], row["campaign"], worthiest(parts[row["month"]]))
        for row in scores
    )
