"""Makes, stops and finishes campaigns. Each is one transaction with its audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError

from guanxi.audiences.holdout import HoldoutRule
from guanxi.channels.rule import MessageRule, OptIn, opens_campaign
from guanxi.channels.rules import rules_of
from guanxi.consent.purpose import Purpose
from guanxi.outreach.models import Campaign
from guanxi.outreach.states import CampaignState, DeliveryState
from guanxi.outreach.template import parse
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

NAME_MAX = 80
AHEAD_MAX = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a marketer wants to say, to whom, through what.

    Attributes:
        platform: where the people are.
        account: the brand's account there; '' for all of them.
        segment: the audience.
        text: a template (`template`).
        channel: whose rules apply and what carries it; '' for the platform itself, ``echo`` for a rehearsal.
        message_kind: of the channel's kinds; '' for the one that campaigns use there.
        holdout_permille: how many of a thousand are held out.
        holdout_period: the holdout that is drawn from; '' for one of the campaign's own.
        opens_at: before it nobody hears, but for early access; None for at once.
    """

    name: str
    purpose: Purpose
    platform: str
    segment: int
    text: str
    account: str = ""
    channel: str = ""
    message_kind: str = ""
    offer: str = ""
    holdout_permille: int = 100
    holdout_period: str = ""
    opens_at: datetime | None = None


def create_campaign(actor: Actor, draft: Draft, now: datetime) -> int:
    """The campaign exists as a draft; says its id."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    name = " ".join(draft.name.split())
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise Refused("campaign_name_unfit", name[:NAME_MAX])
    parse(draft.text)
    HoldoutRule(draft.holdout_period or "own", draft.holdout_permille)
    opens_at = opening_ahead(draft.opens_at, now)
    channel = draft.channel or draft.platform
    kind = _kind(channel, draft.message_kind, draft.purpose)
    try:
        with transaction(RELATIONSHIP):
            campaign = Campaign.objects.create(
                name=name,
                purpose=draft.purpose,
                platform=draft.platform,
                account=draft.account,
                channel=channel,
                message_kind=kind,
                segment=draft.segment,
                text=draft.text,
                offer=draft.offer,
                holdout_period=draft.holdout_period,
                holdout_permille=draft.holdout_permille,
                opens_at=opens_at,
                created_by=actor.name,
                created_at=aware(now),
            )
            if not draft.holdout_period:
                campaign.holdout_period = f"campaign-{campaign.pk}"
                campaign.save(update_fields=["holdout_period"])
            record(RELATIONSHIP, actor, "campaign_created", f"campaign:{campaign.pk}", {"channel": channel})
    except IntegrityError:
        raise Refused("campaign_name_taken", name) from None
    return campaign.pk


def stop_campaign(actor: Actor, campaign_id: int, now: datetime) -> int:
    """Nothing more is reserved or leased for the campaign; says how many waiting messages were cancelled.

    Waits for the batch that is being reserved; what is leased already may still go out.
    """
    require(actor, Permission.CHANGE_CAMPAIGNS)
    with transaction(RELATIONSHIP) as connection:
        _move(campaign_id, CampaignState.STOPPED)
        cancelled = connection.execute(
            "UPDATE delivery SET state = %s, code = 'campaign_stopped', settled_at = %s "
            "WHERE campaign = %s AND state = %s",
            (DeliveryState.CANCELLED, aware(now), campaign_id, DeliveryState.QUEUED),
        ).rowcount
        detail = {"cancelled": cancelled}
        record(RELATIONSHIP, actor, "campaign_stopped", f"campaign:{campaign_id}", detail)
    return cancelled


def finish_campaign(actor: Actor, campaign_id: int) -> None:
    """The campaign is done: whoever is still held stays unsent; refused while messages wait."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    with transaction(RELATIONSHIP) as connection:
        _move(campaign_id, CampaignState.DONE)
        waiting = connection.execute(
            "SELECT count(*) FROM delivery WHERE campaign = %s AND state = ANY(%s)",
            (campaign_id, [DeliveryState.QUEUED, DeliveryState.LEASED]),
        ).fetchone()
        if waiting is not None and waiting[0]:
            raise Refused("campaign_still_sending", str(waiting[0]))
        record(RELATIONSHIP, actor, "campaign_finished", f"campaign:{campaign_id}")


def opening_ahead(opens_at: datetime | None, now: datetime) -> datetime | None:
    """The opening in UTC; refused where it is over or far away, for a mistyped one would send at once or never."""
    if opens_at is None:
        return None
    if opens_at.tzinfo is None:
        raise Refused("time_without_zone", opens_at.isoformat())
    if opens_at <= aware(now):
        raise Refused("opening_past", opens_at.isoformat())
    if opens_at > aware(now) + AHEAD_MAX:
        raise Refused("opening_far", opens_at.isoformat())
    return aware(opens_at)


def _kind(channel: str, wanted: str, purpose: Purpose) -> str:
    """The kind of message; '' where the platform leaves a campaign none, as the plan will say."""
    rules = rules_of(channel)
    if not wanted:
        chosen = rules.campaign_kind()
        return chosen.kind if chosen else ""
    rule = rules.message(wanted)
    if rule is None or not _carries(rule, purpose):
        raise Refused("message_kind_unfit", wanted)
    return rule.kind


def _carries(rule: MessageRule, purpose: Purpose) -> bool:
    """Marketing kinds carry anything; an answer within its window carries no sale."""
    is_answer = rule.opt_in is OptIn.REQUEST and rule.window is not None and purpose is Purpose.ENGAGE
    return opens_campaign(rule) or (rule.allowed and is_answer)


def locked(campaign_id: int) -> Campaign:
    """The campaign, while it is not over; batches that are being reserved for it end first."""
    campaign = Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    if campaign is None:
        raise Refused("no_such_campaign", str(campaign_id))
    if campaign.state in (CampaignState.DONE, CampaignState.STOPPED):
        raise Refused("campaign_over", campaign.state)
    return campaign


def _move(campaign_id: int, state: CampaignState) -> Campaign:
    campaign = locked(campaign_id)
    campaign.state = state
    campaign.save(update_fields=["state"])
    return campaign
