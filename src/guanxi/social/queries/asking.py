"""Which fans a list is about, and their names for those who may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission
from guanxi.social.models import Fan


def offer_fans(engine: Engine, fans: Iterable[int]) -> None:
    """The fans can be joined as ``wanted_fan``."""
    engine.offer("wanted_fan", pa.table({"fan": pa.array(sorted(set(fans)), pa.int64())}))


def names_of(actor: Actor, fans: Collection[int]) -> dict[int, str]:
    """The fans' names; empty for somebody who may not see names."""
    if not (actor.may(Permission.SEE_SOCIAL) and actor.may(Permission.SEE_PERSONAL)):
        return {}
    return dict(Fan.objects.filter(pk__in=fans).values_list("id", "name"))
