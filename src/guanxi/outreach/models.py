"""Tables of outreach: the brand's leash, campaigns, what was withheld at the last moment, deliveries, and answers."""

from __future__ import annotations

import uuid

from django.db import models

from guanxi.outreach.states import CampaignState, DeliveryState


class LeashSetting(models.Model):
    """The brand's restraint as it was set; the newest row is in force."""

    sends_max = models.IntegerField(null=True)
    window_days = models.IntegerField()
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    due_after_days = models.IntegerField(null=True)
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "leash_setting"


class Campaign(models.Model):
    """A message to a segment, for a purpose, through one account."""

    name = models.CharField(max_length=80)
    purpose = models.TextField()
    platform = models.TextField()
    account = models.TextField()
    channel = models.TextField()
    message_kind = models.TextField()
    segment = models.BigIntegerField()
    text = models.TextField()
    offer = models.TextField(db_default="")
    holdout_period = models.CharField(max_length=32)
    holdout_permille = models.IntegerField()
    opens_at = models.DateTimeField(null=True)
    state = models.TextField(default=CampaignState.DRAFT, choices=[(s, s) for s in CampaignState])
    created_by = models.TextField()
    created_at = models.DateTimeField()
    planned_as_of = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        db_table = "campaign"
        constraints = [models.UniqueConstraint(fields=["name"], name="campaign_named_once")]

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class Withheld(models.Model):
    """Somebody the plan would have sent to and the leash kept back when it came to reserving."""

    pk = models.CompositePrimaryKey("campaign", "identity")
    campaign = models.BigIntegerField()
    identity = models.BigIntegerField(db_index=True)
    person = models.BigIntegerField()
    decision = models.TextField()
    reasons = models.TextField()
    until = models.DateTimeField(null=True)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "withheld"


class Delivery(models.Model):
    """One message to one person: reserved under the leash, leased, sent at most once.

    It is also the contact that caps count, unless it was cancelled or failed for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.BigIntegerField()
    person = models.BigIntegerField()
    identity = models.BigIntegerField()
    channel = models.TextField()
    platform = models.TextField()
    account = models.TextField()
    address = models.TextField()
    body = models.TextField()
    state = models.TextField(default=DeliveryState.QUEUED, choices=[(s, s) for s in DeliveryState])
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    reserved_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    receipt = models.TextField(db_default="")
    code = models.TextField(db_default="")

    class Meta:
        db_table = "delivery"
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="delivery_once")]
        indexes = [
            models.Index(fields=["identity", "reserved_at"], name="delivery_contact"),
            models.Index(
                fields=["channel", "not_before"],
                condition=models.Q(state=DeliveryState.QUEUED),
                name="delivery_queued",
            ),
            models.Index(
                fields=["leased_until"],
                condition=models.Q(state=DeliveryState.LEASED),
                name="delivery_leased",
            ),
            models.Index(
                fields=["campaign"], condition=models.Q(state=DeliveryState.UNKNOWN), name="delivery_unknown"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class AnswerMark(models.Model):
    """A person said that what a fan had written up to a moment is answered; whoever takes it back deletes the row."""

    fan = models.BigIntegerField(db_index=True)
    up_to = models.DateTimeField(db_index=True)
    marked_by = models.TextField()
    marked_at = models.DateTimeField()

    class Meta:
        db_table = "answer_mark"

    def __str__(self) -> str:
        return f"answer mark {self.pk}"
