"""A platform's rules as frozen values: who may start, windows, caps, hours, rewards.

Every rule names its source and the day it was checked; a file that leaves either out is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guanxi.channels.cap import Cap
from guanxi.channels.hours import OpenHours


class Starter(StrEnum):
    """Who must have acted first."""

    PERSON = "person"
    BRAND = "brand"


class OptIn(StrEnum):
    """What proves that a message of this kind is wanted."""

    NONE = "none"
    """Nothing is asked for: a rehearsal that nobody outside ever sees."""
    REQUEST = "request"
    FOLLOW = "follow"
    CONSENT = "consent"
    TRANSACTION = "transaction"


class Price(StrEnum):
    """How a message is paid for."""

    FREE = "free"
    PLAN = "plan"
    PER_MESSAGE = "per_message"
    METERED = "metered"
    LICENCE = "licence"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a rule was read; ``seen`` is false where it was remembered and still has to be looked up."""

    id: str
    source: str
    checked_on: date
    seen: bool


@dataclass(frozen=True, slots=True)
class ReplyWindow:
    """After the person's act ``after``, ``sends_max`` messages within ``seconds``."""

    after: str
    seconds: int
    sends_max: int | None


@dataclass(frozen=True, slots=True)
class MessageRule:
    """What a platform lets a brand do with one kind of message."""

    provenance: Provenance
    kind: str
    starts: Starter
    opt_in: OptIn
    marketing: bool
    price: Price
    allowed: bool
    window: ReplyWindow | None
    cap: Cap | None
    hours: OpenHours | None


@dataclass(frozen=True, slots=True)
class RewardRule:
    """Whether the platform lets a brand give points, coupons or money for ``acts``."""

    provenance: Provenance
    acts: frozenset[str]
    allowed: bool


@dataclass(frozen=True, slots=True)
class PlatformRules:
    """All that a platform says; ``zone`` is where its people are when nothing better is known."""

    platform: str
    zone: str
    messages: tuple[MessageRule, ...]
    rewards: tuple[RewardRule, ...]

    def message(self, kind: str) -> MessageRule | None:
        """The rule for a kind of message, or None where the platform has no such kind."""
        return next((rule for rule in self.messages if rule.kind == kind), None)

    def campaign_kind(self) -> MessageRule | None:
        """The first kind a brand may start unasked and fill with marketing, or None."""
        return next((rule for rule in self.messages if opens_campaign(rule)), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an act may be rewarded, and the rule that says so ('' where no rule speaks)."""

    allowed: bool
    rule_id: str


# Rewarding these moves people to spread or follow: where a platform's word is not known, the answer is no.
SPREADING = frozenset({"shared", "reshared", "followed", "invited", "liked", "opened", "mentioned"})


def opens_campaign(rule: MessageRule) -> bool:
    """Whether a campaign may use this kind of message at all."""
    return rule.allowed and rule.marketing and rule.starts is Starter.BRAND


def judge_reward(rules: PlatformRules | None, act: str) -> Verdict:
    """The first rule that names the act decides; without one, only what spreads is refused.

    >>> judge_reward(None, "shared").allowed, judge_reward(None, "ordered").allowed
    (False, True)
    """
    for rule in rules.rewards if rules else ():
        if act in rule.acts:
            return Verdict(rule.allowed, rule.provenance.id)
    return Verdict(act not in SPREADING, "")
