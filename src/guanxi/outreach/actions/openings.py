"""Moves the opening of a campaign, and carries campaigns that were started over their openings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg

from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import locked, opening_ahead
from guanxi.outreach.actions.reserve import Reserved, reserve_sends
from guanxi.outreach.leash import Reason
from guanxi.outreach.models import Campaign
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.outreach.states import CampaignState, DeliveryState
from guanxi.records.actor import SYSTEM, Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

Connection = psycopg.Connection[Any]
# By then quiet hours have ended everywhere; whoever is held for longer waits for somebody to decide.
CARRIED = timedelta(days=1)


def set_opening(actor: Actor, campaign_id: int, opens_at: datetime | None, now: datetime) -> int:
    """The campaign opens then, or at once; says how many waiting messages were taken back.

    Waits for the batch that is being reserved. Whoever has a message waiting is judged anew by the new opening; what is
    leased already may still go out.
    """
    require(actor, Permission.CHANGE_CAMPAIGNS)
    moment = opening_ahead(opens_at, now)
    with transaction(RELATIONSHIP) as connection:
        campaign = locked(campaign_id)
        campaign.opens_at = moment
        campaign.save(update_fields=["opens_at"])
        back = _take_back(connection, campaign_id) if moment is not None else 0
        detail = {"opens_at": moment.isoformat() if moment else None, "taken_back": back}
        record(RELATIONSHIP, actor, "opening_set", f"campaign:{campaign_id}", detail)
    return back


def _take_back(connection: Connection, campaign_id: int) -> int:
    """Nobody has a message waiting, and nobody is passed over for having had one."""
    connection.execute(
        "DELETE FROM withheld WHERE campaign = %s AND reasons = %s", (campaign_id, Reason.ALREADY_SENT)
    )
    return connection.execute(
        "DELETE FROM delivery WHERE campaign = %s AND state = %s", (campaign_id, DeliveryState.QUEUED)
    ).rowcount


def carry_openings(engine: Engine, now: datetime) -> Reserved:
    """Whoever may hear by now of a started campaign has a message waiting; up to a day after it opened."""
    moment = aware(now)
    earliest = max(leash_in_force().early_access.values(), default=timedelta())
    about = {"opens_at__gt": moment - CARRIED, "opens_at__lte": moment + earliest}
    total = Reserved()
    for pk in Campaign.objects.filter(state=CampaignState.SENDING, **about).values_list("pk", flat=True):
        try:
            total = total.plus(reserve_sends(SYSTEM, engine, pk, moment))
        except Refused as refusal:
            if refusal.code != "campaign_over":  # stopped meanwhile
                raise
    return total
