"""Tables of the social side: accounts, fans, contact keys, content, and the changes a mirror must follow.

When a fan was first and last active is a question to the lake, not a column that every activity rewrites.
Accounts are never removed, so rows are loaded in bulk without a foreign key's check on each.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Account(models.Model):
    """One account of the brand, as the social side knows it."""

    id = models.AutoField(primary_key=True)
    platform = models.TextField()
    name = models.TextField()
    zone = models.TextField(db_default="UTC")

    class Meta:
        db_table = "account"
        constraints = [models.UniqueConstraint(fields=["platform", "name"], name="account_once")]

    def __str__(self) -> str:
        return f"{self.platform}/{self.name}"


class Fan(models.Model):
    """One identity on one account; ``key`` is the keyed hash under which both sides can name it."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False)
    key = models.BinaryField(unique=True)
    external_id = models.TextField()
    name = models.TextField(db_default="")
    named_at = models.DateTimeField(null=True)
    facts = models.JSONField(db_default=[])
    followed_at = models.DateTimeField(null=True)
    unfollowed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "fan"

    def __str__(self) -> str:
        return f"fan {self.pk}"


class ContactKey(models.Model):
    """A keyed hash of a phone, address, union id or fan account that a fan was seen with."""

    ref = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    key = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "contact_key"
        constraints = [models.UniqueConstraint(fields=["kind", "key", "ref"], name="contact_key_once")]

    def __str__(self) -> str:
        return f"{self.kind} of fan {self.ref}"


class Content(models.Model):
    """What is read, liked and shared; described as its latest publication described it."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False)
    key = models.BinaryField(unique=True)
    external_id = models.TextField()
    title = models.TextField(db_default="")
    kind = models.TextField(db_default="")
    topics = ArrayField(models.TextField(), db_default=[])
    promotes_product = models.BooleanField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "content"

    def __str__(self) -> str:
        return f"content {self.pk}"


class FanChange(models.Model):
    """A fan whose record is newer than its mirror."""

    seq = models.BigAutoField(primary_key=True)
    fan = models.BigIntegerField()

    class Meta:
        db_table = "fan_change"

    def __str__(self) -> str:
        return f"fan {self.fan}"
