"""What the brand promises: a programme and its earning rules; nothing illegal on a platform can be saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from guanxi.channels.rules import rewardable
from guanxi.loyalty.earning import ORDERED_ONLY, Terms, checked
from guanxi.loyalty.legality import PURCHASE_PLATFORM, require_legal
from guanxi.loyalty.models import EarningRule, Programme
from guanxi.loyalty.tiers import Tier, as_rows
from guanxi.loyalty.tiers import checked as checked_tiers
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.points import Points
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

BACKDATE_DAYS = 365
TIER_WINDOW_DAYS = 365

DEFAULT_TIERS = (
    Tier("friend", love=50, spend=500),
    Tier("close friend", love=200, spend=2_500),
    Tier("family", love=600, spend=10_000),
)

DEFAULT_RULES = (
    Terms("answers", frozenset({Kind.ANSWERED}), Points.LOVE, 10, cap_day=30, cap_month=200),
    Terms("attends", frozenset({Kind.ATTENDED}), Points.LOVE, 50, cap_month=300),
    *(
        Terms(
            f"comments on {name}",
            frozenset({Kind.COMMENTED}),
            Points.LOVE,
            5,
            platform=place.value,
            cap_day=15,
            cap_month=100,
        )
        for name, place in (("own pages", Platform.WEB), ("the shop", Platform.SHOP))
    ),
    Terms(
        "reads own pages",
        frozenset({Kind.VIEWED}),
        Points.LOVE,
        1,
        platform=Platform.WEB.value,
        cap_day=3,
        cap_month=30,
    ),
    Terms("purchases in CNY", ORDERED_ONLY, Points.SPEND, 1, unit=100, currency="CNY"),
    Terms("purchases in USD", ORDERED_ONLY, Points.SPEND, 7, unit=100, currency="USD"),
)


def install_default_programme(actor: Actor, opened_at: datetime, backdate_days: int = BACKDATE_DAYS) -> int:
    """A programme is open whose rules every platform allows; one that is open already stays."""
    require(actor, Permission.CHANGE_PROGRAMME)
    with transaction(RELATIONSHIP):
        programme = Programme.objects.filter(is_open=True).first()
        if programme is None:
            programme_id = open_programme(
                actor, "Guanxi", opened_at, DEFAULT_TIERS, backdate_days, TIER_WINDOW_DAYS
            )
            for terms in DEFAULT_RULES:
                save_rule(actor, terms, opened_at)
            return programme_id
        return int(programme.pk)


def open_programme(
    actor: Actor,
    name: str,
    opened_at: datetime,
    tiers: Sequence[Tier],
    backdate_days: int,
    tier_window_days: int,
) -> int:
    """A new programme is open, without rules; refused while another is."""
    require(actor, Permission.CHANGE_PROGRAMME)
    if not name.strip() or not 0 <= backdate_days <= 36_500 or not 0 < tier_window_days <= 36_500:
        raise Refused("programme_unreadable", name)
    with transaction(RELATIONSHIP):
        if Programme.objects.filter(is_open=True).exists():
            raise Refused("programme_already_open")
        programme = Programme.objects.create(
            name=name,
            opened_at=aware(opened_at),
            tiers=as_rows(checked_tiers(tiers)),
            backdate_days=backdate_days,
            tier_window_days=tier_window_days,
        )
        record(RELATIONSHIP, actor, "programme_opened", f"programme:{programme.pk}", {"name": name})
        return int(programme.pk)


def save_rule(actor: Actor, terms: Terms, saved_at: datetime, replaces: int | None = None) -> int:
    """The rule earns from the next run on, for facts already heard too where its terms reach back.

    With ``replaces``, that rule ends at ``saved_at`` and this one begins then: terms never change.
    """
    require(actor, Permission.CHANGE_PROGRAMME)
    checked(terms)
    require_legal(rewardable, terms.kinds, PURCHASE_PLATFORM if terms.by_purchase else terms.platform)
    with transaction(RELATIONSHIP):
        programme = Programme.objects.filter(is_open=True).first()
        if programme is None:
            raise Refused("no_open_programme")
        begins = terms.valid_from
        if replaces is not None:
            begins = aware(saved_at)
            _end(actor, replaces, saved_at)
        rule = EarningRule.objects.create(
            programme=programme,
            name=terms.name,
            kinds=sorted(terms.kinds),
            platform=terms.platform,
            points=terms.points.value,
            amount=terms.amount,
            unit=terms.unit,
            currency=terms.currency,
            cap_day=terms.cap_day,
            cap_month=terms.cap_month,
            valid_from=begins,
            valid_to=terms.valid_to,
            replaces_id=replaces,
            saved_by=actor.name,
            saved_at=aware(saved_at),
        )
        record(RELATIONSHIP, actor, "rule_saved", f"rule:{rule.pk}", {"name": terms.name})
        return int(rule.pk)


def end_rule(actor: Actor, rule_id: int, ended_at: datetime) -> None:
    """Activities from then on earn nothing by the rule; what it has earned stays."""
    require(actor, Permission.CHANGE_PROGRAMME)
    with transaction(RELATIONSHIP):
        _end(actor, rule_id, ended_at)


def _end(actor: Actor, rule_id: int, ended_at: datetime) -> None:
    rule = EarningRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise Refused("no_such_rule", str(rule_id))
    moment = aware(ended_at)
    if rule.valid_to is None or rule.valid_to > moment:
        rule.valid_to = moment
        rule.save(update_fields=["valid_to"])
        record(RELATIONSHIP, actor, "rule_ended", f"rule:{rule_id}", {"name": rule.name})
