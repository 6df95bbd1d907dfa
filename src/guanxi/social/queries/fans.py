"""Lists of fans: filtered and sorted, with the scores of a window."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Q

from guanxi.lake.engine import Engine
from guanxi.lake.lists import one_column, ordered_page, row_count
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.models import Fan
from guanxi.social.queries.asking import leave_out, names_of, offer_fans
from guanxi.social.windows import Window

SCORES = frozenset({"daily", "campaign"})
SORTS = SCORES | {"fan", "first_day", "last_day", "followed_day"}
SEARCHED_MAX = 1_000
TRIED_MIN, TRIED = 800, 4  # so many of the best are tried against a filter before all are
HANDLES = ("handle", "username")
_ROOM = "guanxi.social"
_Cut = tuple[str, int, int]  # order, offset, limit


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
    last: Collection[int] = (),
) -> FanPage:
    """The fans of a filter with the scores of a window; ``sort`` is one of `SORTS`, a leading minus descending.

    Whoever is in ``last`` comes after all others where scores order them.
    """
    require(actor, Permission.SEE_SOCIAL)
    offer_fans(engine, _found(actor, chosen.text) if chosen.text else ())
    of = {"window": window.name, "month": window.first}
    cut = sort, offset, limit
    if sort.removeprefix("-") in SCORES:
        page, total = _found_by_score(engine, chosen, of, cut, last)
    else:
        page, total = _found_by_day(engine, chosen, cut)
    offer_fans(engine, page)
    known = {row["fan"]: row for row in engine.ask(sql(_ROOM, "fan_rows")).to_pylist()}
    scored = {row["fan"]: row for row in engine.ask(sql(_ROOM, "scored_fans"), **of).to_pylist()}
    names = names_of(actor, page)
    rows = (FanRow(**known[fan] | scored[fan], name=names.get(fan, "")) for fan in page if fan in known)
    return FanPage(tuple(rows), total)


def _found_by_day(engine: Engine, chosen: FanFilter, cut: _Cut) -> tuple[list[int], int]:
    """The fans of one page, and of how many; no score is looked at."""
    return _page(engine, sql(_ROOM, "chosen_fans"), _asked(chosen), cut), _total(engine, chosen)


def _found_by_score(
    engine: Engine, chosen: FanFilter, of: dict[str, Any], cut: _Cut, last: Collection[int]
) -> tuple[list[int], int]:
    """The same, by a score: a full page of the best by the scores alone, any other among who is left."""
    if not chosen.text and (page := _best(engine, chosen, of, cut, last)):
        return page, _total(engine, chosen)
    left = one_column(engine, sql(_ROOM, "chosen_fans"), _asked(chosen), "fan")
    is_last = pc.is_in(left["fan"], pa.array(last, pa.int64()))
    page, before = _scored(engine, left.filter(pc.invert(is_last)), of, cut)
    if len(page) < cut[2] and last:
        sort, offset, limit = cut
        rest = sort, max(0, offset - before), limit - len(page)
        page += _scored(engine, left.filter(is_last), of, rest)[0]
    return page, left.num_rows


def _total(engine: Engine, chosen: FanFilter) -> int:
    """How many the filter leaves; nothing is joined where all are counted, or all but those of whom a fact is known."""
    if chosen == FanFilter(fact=chosen.fact):
        count: int = engine.ask(sql(_ROOM, "fans_unknown"), fact=chosen.fact)["fans"][0].as_py()
        return count
    return row_count(engine, sql(_ROOM, "chosen_fans"), _asked(chosen))


def _scored(engine: Engine, left: pa.Table, of: dict[str, Any], cut: _Cut) -> tuple[list[int], int]:
    engine.offer("wanted_fan", left)
    return _page(engine, sql(_ROOM, "scored_fans"), of, cut), left.num_rows


def _best(
    engine: Engine, chosen: FanFilter, of: dict[str, Any], cut: _Cut, last: Collection[int]
) -> list[int]:
    """A full page of the best whom the filter leaves; empty where others stand on it too, or none is found soon."""
    sort, offset, limit = cut
    if not sort.startswith("-"):
        return []
    leave_out(engine, last)
    if chosen == FanFilter():
        page = _leading(engine, of, cut)
    else:
        leading = _leading(engine, of, (sort, 0, TRIED_MIN + TRIED * (offset + limit)))
        offer_fans(engine, leading)
        asked = {**_asked(chosen), "named": True}
        left = set(one_column(engine, sql(_ROOM, "chosen_fans"), asked, "fan")["fan"].to_pylist())
        page = [fan for fan in leading if fan in left][offset : offset + limit]
    return page if len(page) == limit else []


def _leading(engine: Engine, of: dict[str, Any], cut: _Cut) -> list[int]:
    """Those with most points of one score, who have any."""
    sort, offset, limit = cut
    rows = ordered_page(engine, sql(_ROOM, "best"), of, sort, SORTS, offset, limit, "fan")
    return [row["fan"] for row in rows if row[sort.removeprefix("-")] > 0]


def _page(engine: Engine, question: str, values: dict[str, Any], cut: _Cut) -> list[int]:
    sort, offset, limit = cut
    rows = ordered_page(engine, question, values, sort, SORTS, offset, limit, "fan")
    return [row["fan"] for row in rows]


def _asked(chosen: FanFilter) -> dict[str, Any]:
    asked = asdict(chosen)
    text = asked.pop("text")
    return {**asked, "named": bool(text)}


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
