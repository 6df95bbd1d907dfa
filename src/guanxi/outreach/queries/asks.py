"""What a campaign asks of the leash: for which purpose, under which of the platform's rules, from when on."""

from __future__ import annotations

from guanxi.channels.rule import MessageRule
from guanxi.channels.rules import rules_of
from guanxi.consent.purpose import ANY_CHANNEL, Purpose
from guanxi.outreach.leash import Ask
from guanxi.outreach.models import Campaign


def ask_of(campaign: Campaign) -> Ask:
    """What the campaign asks."""
    rule = rule_of(campaign.channel, campaign.message_kind)
    return Ask(Purpose(campaign.purpose), rule, campaign.opens_at)


def rule_of(channel: str, kind: str) -> MessageRule | None:
    """The platform's rule under which a campaign's messages fall; None where the platform has none."""
    return rules_of(channel).message(kind) if kind else None


def channels_of(campaign: Campaign) -> list[str]:
    """The channels on which a word of consent concerns this campaign."""
    return sorted({campaign.channel, campaign.platform, ANY_CHANNEL})
