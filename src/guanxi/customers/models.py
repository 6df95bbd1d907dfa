"""Tables of the customers side: accounts, customers, contact keys, and the changes a mirror must follow.

When a customer first and last bought is a question to the lake, not a column that every order rewrites.
Accounts are never removed, so rows are loaded in bulk without a foreign key's check on each.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Account(models.Model):
    """One shop, till or export of the brand, as the customers side knows it."""

    id = models.AutoField(primary_key=True)
    platform = models.TextField()
    name = models.TextField()
    zone = models.TextField(db_default="UTC")

    class Meta:
        db_table = "account"
        constraints = [models.UniqueConstraint(fields=["platform", "name"], name="account_once")]

    def __str__(self) -> str:
        return f"{self.platform}/{self.name}"


class Customer(models.Model):
    """One row of the buying side; ``number`` is what its account calls it."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False)
    key = models.BinaryField(unique=True)
    number = models.TextField()
    name = models.TextField(db_default="")
    named_at = models.DateTimeField(null=True)
    facts = models.JSONField(db_default=[])
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "customer"

    def __str__(self) -> str:
        return f"customer {self.pk}"


class ContactKey(models.Model):
    """A keyed hash of a phone, address, union id or fan account that a customer was seen with."""

    ref = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    key = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "contact_key"
        constraints = [models.UniqueConstraint(fields=["kind", "key", "ref"], name="contact_key_once")]

    def __str__(self) -> str:
        return f"{self.kind} of customer {self.ref}"


class CustomerChange(models.Model):
    """A customer whose record is newer than its mirror."""

    seq = models.BigAutoField(primary_key=True)
    customer = models.BigIntegerField()

    class Meta:
        db_table = "customer_change"

    def __str__(self) -> str:
        return f"customer {self.customer}"
