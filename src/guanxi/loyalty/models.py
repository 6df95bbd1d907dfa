"""The tables of loyalty: programme, rules, accounts, the ledger and its balances, rewards, redemptions.

Entries and postings are never changed: the database itself refuses it (see the migration).
"""

from __future__ import annotations

from django.db import models


class Programme(models.Model):
    """What the brand promises; one is open at a time.

    ``backdate_days``: activities this many days before an account was opened still count, and none before.
    """

    name = models.TextField()
    backdate_days = models.IntegerField()
    tiers = models.JSONField(default=list)
    tier_window_days = models.IntegerField()
    opened_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        """Where it is kept."""

        db_table = "programme"
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"], condition=models.Q(is_open=True), name="programme_one_open"
            )
        ]


class EarningRule(models.Model):
    """Which acts earn what; its terms never change: a change ends it and begins another."""

    programme = models.ForeignKey(Programme, models.PROTECT)
    name = models.TextField()
    kinds = models.JSONField()
    platform = models.TextField(null=True)
    points = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    unit = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="", blank=True)
    cap_day = models.BigIntegerField(null=True)
    cap_month = models.BigIntegerField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True)
    saved_by = models.TextField()
    saved_at = models.DateTimeField()
    caught_up = models.BooleanField(default=False)

    class Meta:
        """Where it is kept."""

        db_table = "earning_rule"


class Account(models.Model):
    """A member: an identity that earns because it was linked or invited."""

    identity = models.BigIntegerField(primary_key=True)
    reason = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="open")
    turn = models.IntegerField(default=0)
    caught_up = models.BooleanField(default=False)

    class Meta:
        """Where it is kept."""

        db_table = "loyalty_account"


class LedgerEntry(models.Model):
    """One immutable entry."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    rule = models.BigIntegerField(null=True)
    activity = models.TextField(default="", blank=True)
    line = models.IntegerField(default=0)
    reverses = models.UUIDField(null=True)
    reason = models.TextField(default="", blank=True)
    actor = models.TextField()
    booked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        """Where it is kept."""

        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "activity", "line"],
                condition=models.Q(rule__isnull=False),
                name="entry_once_for_activity",
            )
        ]
        indexes = [
            models.Index(
                fields=["reverses"], condition=models.Q(reverses__isnull=False), name="entry_reverses"
            )
        ]


class LedgerPosting(models.Model):
    """One side of an entry."""

    pk = models.CompositePrimaryKey("entry", "account", "points")
    entry = models.UUIDField()
    account = models.BigIntegerField()
    points = models.CharField(max_length=8)
    amount = models.BigIntegerField()

    class Meta:
        """Where it is kept."""

        db_table = "ledger_posting"
        indexes = [
            models.Index(fields=["account"], condition=models.Q(account__gte=0), name="posting_of_member")
        ]


class Balance(models.Model):
    """What a member's account holds: the sum of its postings, kept so that it can be locked and checked."""

    pk = models.CompositePrimaryKey("account", "points")
    account = models.BigIntegerField()
    points = models.CharField(max_length=8)
    amount = models.BigIntegerField(default=0)

    class Meta:
        """Where it is kept."""

        db_table = "balance"
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="balance_not_negative")]


class Reward(models.Model):
    """What points can be exchanged for; ``stock`` None is without end."""

    name = models.TextField()
    points = models.CharField(max_length=8)
    cost = models.BigIntegerField()
    stock = models.IntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Where it is kept."""

        db_table = "reward"
        constraints = [
            models.CheckConstraint(condition=models.Q(cost__gt=0), name="reward_cost"),
            models.CheckConstraint(
                condition=models.Q(stock__isnull=True) | models.Q(stock__gte=0), name="reward_stock"
            ),
        ]


class Redemption(models.Model):
    """A reward on its way to a member: reserved, then redeemed or released."""

    id = models.UUIDField(primary_key=True)
    reward = models.ForeignKey(Reward, models.PROTECT)
    identity = models.BigIntegerField()
    state = models.CharField(max_length=10)
    reserved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Where it is kept."""

        db_table = "redemption"
        indexes = [models.Index(fields=["identity"], name="redemption_identity")]


class EarningCursor(models.Model):
    """The last fact of a side whose points are booked."""

    side = models.CharField(primary_key=True, max_length=16)
    position = models.BigIntegerField()

    class Meta:
        """Where it is kept."""

        db_table = "earning_cursor"
