"""What is decided of ambassadors: approve, activate, decline, rest, reconsider.

Each is one transaction in relationship with its audit. No choice overrides what a person decided.
"""

from __future__ import annotations

from datetime import datetime

from guanxi.influence.models import Ambassador, AmbassadorState
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

_OPEN = {
    AmbassadorState.SHORTLISTED: {AmbassadorState.DECLINED},
    AmbassadorState.INVITED: {AmbassadorState.SHORTLISTED},
    AmbassadorState.ACTIVE: {AmbassadorState.INVITED, AmbassadorState.RESTING},
    AmbassadorState.DECLINED: {AmbassadorState.SHORTLISTED, AmbassadorState.INVITED},
    AmbassadorState.RESTING: {AmbassadorState.INVITED, AmbassadorState.ACTIVE},
}


def approve_ambassador(actor: Actor, fan: int, decided_at: datetime) -> None:
    """The shortlisted fan is invited."""
    _decide(actor, fan, AmbassadorState.INVITED, "", decided_at)


def activate_ambassador(actor: Actor, fan: int, decided_at: datetime) -> None:
    """The fan accepted, or is back from resting."""
    _decide(actor, fan, AmbassadorState.ACTIVE, "", decided_at)


def decline_ambassador(actor: Actor, fan: int, reason: str, decided_at: datetime) -> None:
    """The fan is not to be an ambassador, for a reason that is remembered; no later choice proposes them."""
    if not reason.strip():
        raise Refused("reason_missing")
    _decide(actor, fan, AmbassadorState.DECLINED, reason.strip(), decided_at)


def reconsider_ambassador(actor: Actor, fan: int, decided_at: datetime) -> None:
    """The declined fan is on the list again, and later choices may propose them; the audit keeps the reason."""
    _decide(actor, fan, AmbassadorState.SHORTLISTED, "", decided_at)


def rest_ambassador(actor: Actor, fan: int, reason: str, decided_at: datetime) -> None:
    """The ambassador rests; no choice proposes them until they are activated again."""
    _decide(actor, fan, AmbassadorState.RESTING, reason.strip(), decided_at)


def _decide(actor: Actor, fan: int, state: AmbassadorState, reason: str, decided_at: datetime) -> None:
    require(actor, Permission.DECIDE_AMBASSADORS)
    with transaction(RELATIONSHIP):
        found = Ambassador.objects.select_for_update().filter(fan=fan).first()
        if found is None:
            raise Refused("no_such_ambassador", str(fan))
        if found.state == state:
            return
        if found.state not in _OPEN[state]:
            raise Refused("ambassador_not_there_yet", found.state)
        found.state, found.reason = state, reason
        found.decided_by, found.decided_at = actor.name, aware(decided_at)
        found.save()
        record(RELATIONSHIP, actor, f"ambassador_{state}", f"fan:{fan}", {"reason": reason})
