"""What doors show of replies: the accounts that can answer by themselves, their rules in order, and a trial."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.channels.hook import ReplyOn
from guanxi.channels.registry import can_hear, replies_on
from guanxi.listen.models import ReplyRule
from guanxi.listen.replies.rules import Match, Rule, answering_rule
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.models import ChannelAccount
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class ReplyAccount:
    """An account that can answer, and what it can answer."""

    platform: str
    name: str
    answers: tuple[ReplyOn, ...]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One rule as it is kept."""

    id: int
    answers: str
    match: str
    words: str
    text: str
    active: bool

    @property
    def rule(self) -> Rule:
        """The rule as the door reads it."""
        return Rule(ReplyOn(self.answers), Match(self.match), self.words, self.text)


def reply_accounts(actor: Actor) -> tuple[ReplyAccount, ...]:
    """The accounts whose platform takes an answer with the request."""
    require(actor, Permission.SEE_CAMPAIGNS)
    named = ChannelAccount.objects.order_by("platform", "name").values_list("platform", "name")
    found = ((platform, name, replies_on(platform)) for platform, name in named if can_hear(platform))
    return tuple(ReplyAccount(platform, name, answers) for platform, name, answers in found if answers)


def reply_rules(actor: Actor, platform: str, account: str) -> tuple[ReplyRow, ...]:
    """The account's rules in their order."""
    require(actor, Permission.SEE_CAMPAIGNS)
    kept = ReplyRule.objects.filter(platform=platform, account=account).order_by("place", "id")
    return tuple(ReplyRow(r.pk, r.answers, r.match, r.words, r.text, r.active) for r in kept)


def rule_that_answers(rows: tuple[ReplyRow, ...], on: ReplyOn, words: str) -> ReplyRow | None:
    """The rule that would answer now, or None for silence."""
    active = [row for row in rows if row.active]
    place = answering_rule([row.rule for row in active], on, words)
    return None if place is None else active[place]


def reply_account_of(actor: Actor, rule_id: int) -> tuple[str, str, ReplyRow]:
    """The platform and account of a rule, and the rule."""
    require(actor, Permission.SEE_CAMPAIGNS)
    kept = ReplyRule.objects.filter(pk=rule_id).first()
    if kept is None:
        raise Refused("no_such_reply_rule", str(rule_id))
    return (
        kept.platform,
        kept.account,
        ReplyRow(kept.pk, kept.answers, kept.match, kept.words, kept.text, kept.active),
    )
