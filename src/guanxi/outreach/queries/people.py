"""What one person got from us, and what we kept back, for their card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guanxi.outreach.models import Campaign, Delivery, Withheld
from guanxi.records.actor import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message to one of the identities: sent, waiting, parked or kept back.

    Attributes:
        state: a delivery's state, or the verdict that kept it back.
        reasons: why it was kept back, or the platform's word for a failure.
        told_at: when it was settled, reserved or withheld.
    """

    campaign: int
    name: str
    identity: int
    state: str
    reasons: tuple[str, ...]
    told_at: datetime


def messages_of(actor: Actor, identities: Sequence[int]) -> tuple[MessageRow, ...]:
    """Messages sent to and withheld from the identities, the latest first."""
    require(actor, Permission.SEE_CAMPAIGNS)
    sent = Delivery.objects.filter(identity__in=identities)
    withheld = Withheld.objects.filter(identity__in=identities)
    fields = ("campaign", "identity", "state", "code", "settled_at", "reserved_at")
    told = [(c, i, s, code, done or made) for c, i, s, code, done, made in sent.values_list(*fields)]
    told += withheld.values_list("campaign", "identity", "decision", "reasons", "decided_at")
    names = dict(Campaign.objects.filter(pk__in={row[0] for row in told}).values_list("pk", "name"))
    rows = [
        MessageRow(campaign, names[campaign], identity, state, tuple(filter(None, why.split("|"))), told_at)
        for campaign, identity, state, why, told_at in told
    ]
    return tuple(sorted(rows, key=lambda row: (row.told_at, row.campaign), reverse=True))
