"""Adds, changes, orders and deletes what an account answers by itself."""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.listen.models import ReplyRule
from guanxi.listen.replies.rules import Rule, fitting_rule
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused

_RULES_MAX = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as somebody wrote it."""

    platform: str
    account: str
    answers: str
    match: str
    words: str
    text: str
    active: bool = True


def add_reply_rule(actor: Actor, draft: Draft) -> int:
    """The rule is the last of its account; says its number."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    rule = _fitting(draft)
    with transaction(RELATIONSHIP) as connection:
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{draft.platform}/{draft.account}",)
        )
        of_account = ReplyRule.objects.filter(platform=draft.platform, account=draft.account)
        if of_account.count() >= _RULES_MAX:
            raise Refused("reply_rules_too_many", str(_RULES_MAX))
        last = of_account.order_by("-place").values_list("place", flat=True).first() or 0
        made = ReplyRule.objects.create(
            platform=draft.platform, account=draft.account, place=last + 1, **_columns(rule, draft)
        )
        _note(actor, "reply_rule_added", made)
    return int(made.pk)


def change_reply_rule(actor: Actor, rule_id: int, draft: Draft) -> None:
    """The rule is as written; its account and its place stay."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    rule = _fitting(draft)
    with transaction(RELATIONSHIP):
        kept = _kept(rule_id)
        for name, value in _columns(rule, draft).items():
            setattr(kept, name, value)
        kept.save()
        _note(actor, "reply_rule_changed", kept)


def raise_reply_rule(actor: Actor, rule_id: int) -> None:
    """The rule has changed places with the one before it; the first stays where it is."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    with transaction(RELATIONSHIP):
        kept = _kept(rule_id)
        before = (
            ReplyRule.objects.select_for_update()
            .filter(platform=kept.platform, account=kept.account, place__lt=kept.place)
            .order_by("-place")
            .first()
        )
        if before is None:
            return
        kept.place, before.place = before.place, kept.place
        kept.save()
        before.save()
        _note(actor, "reply_rule_raised", kept)


def delete_reply_rule(actor: Actor, rule_id: int) -> None:
    """The rule is gone and answers nothing any more, within five seconds."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    with transaction(RELATIONSHIP):
        kept = _kept(rule_id)
        _note(actor, "reply_rule_deleted", kept)
        kept.delete()


def _fitting(draft: Draft) -> Rule:
    return fitting_rule(draft.answers, draft.match, draft.words, draft.text)


def _columns(rule: Rule, draft: Draft) -> dict[str, str | bool]:
    return {
        "answers": rule.answers.value,
        "match": rule.match.value,
        "words": rule.words,
        "text": rule.text,
        "active": draft.active,
    }


def _kept(rule_id: int) -> ReplyRule:
    found = ReplyRule.objects.select_for_update().filter(pk=rule_id).first()
    if found is None:
        raise Refused("no_such_reply_rule", str(rule_id))
    return found


def _note(actor: Actor, verb: str, rule: ReplyRule) -> None:
    detail = {"account": f"{rule.platform}/{rule.account}", "answers": rule.answers, "words": rule.words}
    record(RELATIONSHIP, actor, verb, f"reply_rule:{rule.pk}", detail)
