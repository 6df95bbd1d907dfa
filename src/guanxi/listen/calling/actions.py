"""Readings of an account's lists are asked for and noted: one at a time, with how far it is and what it told.

Who reads is not known here. A reading that was begun long ago died with its worker and keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from guanxi.channels.registry import can_be_asked
from guanxi.listen.models import AccountReading
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.records.queries import opened_account
from guanxi.records.register import Place
from guanxi.vocabulary.reasons import Refused

FORGOTTEN = timedelta(hours=2)


def ask_reading(actor: Actor, place: Place, now: datetime) -> None:
    """The account's lists are to be read; somebody is on it until they are."""
    require(actor, Permission.CHANGE_SETTINGS)
    if not can_be_asked(place.platform):
        raise Refused("channel_cannot_be_asked", place.platform)
    opened_account(actor, *place)
    with transaction(RELATIONSHIP):
        AccountReading.objects.get_or_create(platform=place.platform, account=place.account)
        found = AccountReading.objects.select_for_update().get(platform=place.platform, account=place.account)
        if is_under_way(found, now):
            raise Refused("reading_under_way", "/".join(place))
        found.asked_at, found.asked_by, found.step, found.began_at = now, actor.name, "waiting", None
        found.save(update_fields=["asked_at", "asked_by", "step", "began_at"])
        record(RELATIONSHIP, actor, "account_reading_asked", f"account:{'/'.join(place)}")


def is_under_way(found: AccountReading, now: datetime) -> bool:
    """Whether somebody waits for the reading or reads."""
    since = max(filter(None, (found.asked_at, found.began_at)), default=None)
    return bool(found.step) and since is not None and since > now - FORGOTTEN


def begin_reading(place: Place, began_at: datetime) -> datetime | None:
    """It is being read by who began then; says when the lists were last read to their end."""
    started = {"began_at": began_at, "step": "waiting"}
    found, _made = AccountReading.objects.update_or_create(
        platform=place.platform, account=place.account, defaults=started
    )
    return found.whole_at


def note_step(place: Place, began_at: datetime, step: str) -> None:
    """What is being read now is known, unless somebody else has begun or was asked for since."""
    _rows(place).filter(began_at=began_at).update(step=step)


def end_reading(
    place: Place, as_of: datetime, counts: Mapping[str, int], untold: Sequence[str], refusal: str
) -> None:
    """What the reading of ``as_of`` told is known, or why it broke off.

    Where somebody else has begun since, or was asked for, theirs is shown: of this one is kept that it came to its end.
    """
    said: dict[str, object] = {"counts": dict(counts), "untold": list(untold), "refusal": refusal}
    _rows(place).filter(began_at=as_of).update(step="", ended_at=Now(), **said)
    if not refusal:
        _rows(place).exclude(whole_at__gt=as_of).update(whole_at=as_of)


def _rows(place: Place) -> QuerySet[AccountReading]:
    return AccountReading.objects.filter(platform=place.platform, account=place.account)
