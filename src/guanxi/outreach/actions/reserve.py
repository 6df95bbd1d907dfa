"""Reserves sends: the leash that cannot leak.

Each batch is one transaction that locks its persons' identities in ascending order, finds their members under
the locks, reads the opening, consent, suppression, holdout and every earlier send of all identities, judges, and
writes the messages. So no number of senders at once can pass an opening, a cap, a withdrawal or a double.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg

from guanxi.consent.standing import Wishes
from guanxi.correlation.locks import lock_identities
from guanxi.correlation.purposes import Purpose as LinkPurpose
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.plan import found
from guanxi.outreach.judging import Asked, Candidate, Judged, Room
from guanxi.outreach.leash import PASSING, Decision
from guanxi.outreach.models import Campaign
from guanxi.outreach.queries.accounts import Reach, reaches
from guanxi.outreach.queries.asks import ask_of, channels_of
from guanxi.outreach.queries.candidates import candidates_of
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.outreach.reading import Persons, persons_of
from guanxi.outreach.states import CampaignState, DeliveryState
from guanxi.outreach.template import Template, parse
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, copy_rows, transaction
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

BATCH = 1000
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Reserved:
    """How many candidates got a message, were held, were dropped, or were linked anew meanwhile."""

    sends: int = 0
    held: int = 0
    dropped: int = 0
    moved: int = 0

    def plus(self, other: Reserved) -> Reserved:
        """Both together."""
        return Reserved(
            self.sends + other.sends,
            self.held + other.held,
            self.dropped + other.dropped,
            self.moved + other.moved,
        )


def reserve_sends(
    actor: Actor,
    engine: Engine,
    campaign_id: int,
    now: datetime,
    batch: int = BATCH,
    tell: Progress = SILENT,
) -> Reserved:
    """Everyone whom the plan lets pass, and the leash still does now, has a message waiting."""
    require(actor, Permission.SEND)
    campaign = begin_sending(actor, campaign_id)
    moment = aware(now)
    waiting = candidates_of(engine, campaign, moment)
    total = Reserved()
    tell.begin("reserve", len(waiting))
    for start in range(0, len(waiting), batch):
        chunk = waiting[start : start + batch]
        total = total.plus(reserve_batch(campaign, chunk, moment))
        tell.advance(len(chunk))
    tell.end()
    return total


def begin_sending(actor: Actor, campaign_id: int) -> Campaign:
    """The campaign is sending; refused unless it was planned."""
    require(actor, Permission.SEND)
    with transaction(RELATIONSHIP):
        Campaign.objects.select_for_update().filter(pk=campaign_id).first()
        campaign = found(campaign_id)
        if campaign.state == CampaignState.DRAFT:
            raise Refused("campaign_unplanned", str(campaign_id))
        if campaign.state == CampaignState.PLANNED:
            campaign.state = CampaignState.SENDING
            campaign.save(update_fields=["state"])
            record(RELATIONSHIP, actor, "campaign_started", f"campaign:{campaign_id}")
    return campaign


def reserve_batch(campaign: Campaign, candidates: list[Candidate], now: datetime) -> Reserved:
    """In one transaction, each candidate has a message or a reason why not, and nobody is over a cap."""
    fans = reaches(one.identity // 2 for one in candidates)
    with transaction(RELATIONSHIP) as connection:
        asked = _asked(connection, campaign)
        if asked is None:
            return Reserved()
        persons, moved = _locked_persons(connection, candidates)
        staying = [one for one in candidates if one.identity not in moved]
        room = Room(connection, asked, persons, fans, now)
        judged = list(room.judge_each(staying))
        _write_deliveries(connection, campaign, judged, persons, fans, room.wished, now)
        _write_withheld(connection, campaign.pk, judged, persons, now)
    tally = Counter(verdict.decision for _, verdict in judged)
    sends = sum(tally[decision] for decision in PASSING)
    return Reserved(sends, tally[Decision.HOLD], tally[Decision.DROP], len(moved))


def _asked(connection: Connection, campaign: Campaign) -> Asked | None:
    """What the campaign asks now; None where it is not sending.

    Held until the transaction ends: stopping the campaign, or moving its opening, waits for this batch.
    """
    row = connection.execute(
        "SELECT state, opens_at FROM campaign WHERE id = %s FOR SHARE", (campaign.pk,)
    ).fetchone()
    if row is None or row[0] != CampaignState.SENDING:
        return None
    return Asked(
        campaign.pk,
        campaign.channel,
        channels_of(campaign),
        campaign.holdout_period,
        replace(ask_of(campaign), opens_at=row[1]),
        leash_in_force(),
    )


def _locked_persons(connection: Connection, candidates: list[Candidate]) -> tuple[Persons, set[int]]:
    """The candidates' persons, locked; and whoever was linked anew meanwhile and must wait."""
    identities = [one.identity for one in candidates]
    before = persons_of(connection, LinkPurpose.CONTACT, identities)
    locked = before.everyone()
    lock_identities(connection, locked)
    after = persons_of(connection, LinkPurpose.CONTACT, identities)
    safe = set(locked)
    moved = {one for one in identities if not safe.issuperset(after.of(one))}
    return after, moved


def _write_deliveries(
    connection: Connection,
    campaign: Campaign,
    judged: list[Judged],
    persons: Persons,
    fans: Mapping[int, Reach],
    wished: Wishes,
    now: datetime,
) -> None:
    template = parse(campaign.text)
    shared = {"offer": campaign.offer, "campaign": campaign.name}
    rows = []
    for one, verdict in judged:
        if verdict.decision not in PASSING:
            continue
        reach = fans[one.identity // 2]
        is_generic = not wished.unprofiled.isdisjoint(persons.of(one.identity))
        body = _body(template, shared, one, reach, is_generic)
        place = (campaign.channel, campaign.platform, reach.account, reach.address)
        who = (campaign.pk, persons.person[one.identity], one.identity)
        rows.append((uuid4(), *who, *place, body, DeliveryState.QUEUED.value, 0, 0, now, now))
    columns = (
        *("id", "campaign", "person", "identity", "channel", "platform", "account", "address"),
        *("body", "state", "fence", "attempts", "reserved_at", "not_before"),
    )
    copy_rows(connection, "delivery", columns, rows)


def _body(
    template: Template, shared: Mapping[str, str], one: Candidate, reach: Reach, is_generic: bool
) -> str:
    return template.render(shared, {} if is_generic else {"name": reach.name, "city": one.city})


def _write_withheld(
    connection: Connection, campaign: int, judged: list[Judged], persons: Persons, now: datetime
) -> None:
    rows = [
        (
            *(campaign, one.identity, persons.person[one.identity], verdict.decision.value),
            *("|".join(verdict.reasons), verdict.until, now),
        )
        for one, verdict in judged
        if verdict.decision not in PASSING
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO withheld (campaign, identity, person, decision, reasons, until, decided_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (campaign, identity) DO UPDATE SET "
            "person = excluded.person, decision = excluded.decision, reasons = excluded.reasons, "
            "until = excluded.until, decided_at = excluded.decided_at",
            rows,
        )
