"""Lists of fans: filtered and sorted, with the scores of a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Q

from guanxi.lake.engine import Engine
from guanxi.lake.lists import ordered_page
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.models import Fan
from guanxi.social.queries.asking import names_of, offer_fans
from guanxi.social.windows import Window

SORTS = frozenset({"fan", "daily", "campaign", "first_day", "last_day", "followed_day"})
SEARCHED_MAX = 1_000
HANDLES = ("handle", "username")
_ROOM = "guanxi.social"


@dataclass(frozen=True, slots=True)
class FanRow:
    """A fan as lists show it; scores of the asked window in tenths; ``name`` is empty for who may not see it."""

    fan: int
    account: int
    platform: str
    followed_day: date | None
    unfollowed_day: date | None
    first_day: date | None
    last_day: date | None
    daily: int
    campaign: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class FanPage:
    """One page of a list, and how many rows the list has."""

    rows: tuple[FanRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FanFilter:
    """Which fans; empty values leave all in.

    Attributes:
        platform: on which platform.
        account: the id of the brand's account, 0 for any.
        follows: yes, no, unknown, or empty.
        fact: name of a profile fact; its best value must be ``fact_value``, or not be known where that is empty.
        fact_value: see ``fact``.
        text: part of a name, a fan's id, the platform's own id, or a handle.
    """

    platform: str = ""
    account: int = 0
    follows: Literal["", "yes", "no", "unknown"] = ""
    fact: str = ""
    fact_value: str = ""
    text: str = ""


def fans(
    actor: Actor,
    engine: Engine,
    window: Window,
    chosen: FanFilter = FanFilter(),
    sort: str = "-campaign",
    offset: int = 0,
    limit: int = 50,
) -> FanPage:
    """The fans of a filter with the scores of a window; ``sort`` is one of `SORTS`, a leading minus descending."""
    require(actor, Permission.SEE_SOCIAL)
    offer_fans(engine, _found(actor, chosen.text) if chosen.text else ())
    asked: dict[str, Any] = {
        "platform": chosen.platform,
        "account": chosen.account,
        "follows": chosen.follows,
        "fact": chosen.fact,
        "fact_value": chosen.fact_value,
        "named": bool(chosen.text),
    }
    total: int = engine.ask(sql(_ROOM, "fan_count"), **asked)["fans"][0].as_py()
    of = {"window": window.name, "month": window.first}
    rows = _best(engine, of, sort, offset, limit) if chosen == FanFilter() else []
    if not rows:
        values = {**asked, **of}
        rows = ordered_page(engine, sql(_ROOM, "fan_list"), values, sort, SORTS, offset, limit, "fan")
    names = names_of(actor, [row["fan"] for row in rows])
    return FanPage(tuple(FanRow(**row, name=names.get(row["fan"], "")) for row in rows), total)


def _best(engine: Engine, of: dict[str, Any], sort: str, offset: int, limit: int) -> list[dict[str, Any]]:
    """A full page of all fans, the best first, found by their scores alone; empty where others stand on it too."""
    if sort not in ("-daily", "-campaign"):
        return []
    scores = ordered_page(engine, sql(_ROOM, "best"), of, sort, SORTS, offset, limit, "fan")
    offer_fans(engine, [row["fan"] for row in scores if row[sort.removeprefix("-")] > 0])
    known = {row["fan"]: row for row in engine.ask(sql(_ROOM, "fan_rows")).to_pylist()}
    rows = [{**known[row["fan"]], **row} for row in scores if row["fan"] in known]
    return rows if len(rows) == limit else []


def fans_called(actor: Actor, text: str, most: int) -> list[tuple[int, str]]:
    """Fans by id, or for those who may see names by part of one, platform id or handle; shorter names first."""
    require(actor, Permission.SEE_SOCIAL)
    found = _found(actor, text) if text else []
    names = names_of(actor, found)
    known = [(fan, names.get(fan, "")) for fan in found]
    return sorted(known, key=lambda one: (len(one[1]), one[1], one[0]))[:most]


def _found(actor: Actor, text: str) -> list[int]:
    """Fans by id; for those who may see names also by part of a name, the platform's own id, or the handle."""
    own = [int(text)] if text.isdecimal() and len(text) < 19 else []
    if not actor.may(Permission.SEE_PERSONAL):
        return own
    typed = text.replace("\x00", "")
    known = Q(external_id=typed) | Q(*_known_as(typed), _connector=Q.OR)
    if not own:
        known |= Q(name__icontains=typed)
    rows = Fan.objects.filter(known).values_list("id", flat=True)[:SEARCHED_MAX]
    return [*own, *(fan for fan in rows if fan not in own)]


def _known_as(text: str) -> list[Q]:
    """Whoever a profile fact calls so, with or without the sign before it."""
    plain = text.removeprefix("@")
    return [
        Q(facts__contains=[{"name": name, "value": value}])
        for name in HANDLES
        for value in (plain, f"@{plain}")
    ]
