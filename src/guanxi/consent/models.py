"""Tables of consent: the record that only grows, its present state, follows, suppression, no profiling."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Consent(models.Model):
    """One grant or withdrawal, with what was said and what proves it; never changed."""

    identity = models.BigIntegerField()
    purpose = models.TextField()
    channel = models.TextField()
    granted = models.BooleanField()
    text_hash = models.TextField(db_default="")
    evidence = models.TextField(db_default="")
    source = models.TextField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "consent"
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "purpose", "channel", "happened_at", "granted"], name="consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.identity} {self.purpose} {self.channel} {self.granted}"


class ConsentState(models.Model):
    """The latest word of an identity for a purpose on a channel."""

    pk = models.CompositePrimaryKey("identity", "purpose", "channel")
    identity = models.BigIntegerField()
    purpose = models.TextField()
    channel = models.TextField()
    granted = models.BooleanField()
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "consent_state"


class Following(models.Model):
    """Whether a fan follows now: on most platforms the proof that messages are wanted."""

    identity = models.BigIntegerField(primary_key=True)
    follows = models.BooleanField()
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "following"


class Suppression(models.Model):
    """Somebody nobody may write to; the keyed hash outlives the erasure of the identity."""

    identity = models.BigIntegerField(null=True, db_index=True)
    key = models.BinaryField(null=True, unique=True)
    reason = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(identity__isnull=False) | models.Q(key__isnull=False),
                name="suppression_of_somebody",
            ),
            models.UniqueConstraint(
                fields=["identity"], condition=models.Q(key__isnull=True), name="suppression_once"
            ),
        ]


class NoProfiling(models.Model):
    """Somebody who gets the generic variant of everything and is left out of scores."""

    identity = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "no_profiling"
