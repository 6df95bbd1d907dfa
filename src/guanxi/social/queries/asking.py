"""Which fans a list is about, and their names for those who may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission
from guanxi.records.installation import Installation
from guanxi.records.keys import row_keys
from guanxi.records.register import Place
from guanxi.social.models import Fan


def offer_fans(engine: Engine, fans: Iterable[int]) -> None:
    """The fans can be joined as ``wanted_fan``."""
    engine.offer("wanted_fan", pa.table({"fan": pa.array(sorted(set(fans)), pa.int64())}))


def leave_out(engine: Engine, fans: Iterable[int]) -> None:
    """The fans are known as ``left_out``."""
    engine.offer("left_out", pa.table({"fan": pa.array(sorted(set(fans)), pa.int64())}))


def known_on(place: Place, fans: Collection[int]) -> dict[int, str]:
    """What the account calls those of the fans whom it knows."""
    here = Fan.objects.filter(account__platform=place.platform, account__name=place.account)
    return dict(here.filter(pk__in=fans).values_list("id", "external_id"))


def known_as(place: Place, external_ids: Iterable[str]) -> dict[str, int]:
    """The fans whom the account calls so, by what it calls them."""
    called = list(external_ids)
    pepper = Installation.current().secrets.pepper
    keys = row_keys(pepper, "fan", place.platform, place.account, called)
    found = {bytes(key): fan for fan, key in Fan.objects.filter(key__in=keys).values_list("id", "key")}
    return {one: found[key] for one, key in zip(called, keys, strict=True) if key in found}


def names_of(actor: Actor, fans: Collection[int]) -> dict[int, str]:
    """The fans' names; empty for somebody who may not see names."""
    if not (actor.may(Permission.SEE_SOCIAL) and actor.may(Permission.SEE_PERSONAL)):
        return {}
    return dict(Fan.objects.filter(pk__in=fans).values_list("id", "name"))
