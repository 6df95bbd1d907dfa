"""The tables of correlation: links, the persons they make, and how far the contact keys have been read."""

from __future__ import annotations

from django.db import models

from guanxi.correlation.purposes import LinkState, Purpose


class Link(models.Model):
    """A fan and a customer who may be one person: evidence, probability, and what was decided."""

    fan = models.BigIntegerField()
    customer = models.BigIntegerField()
    state = models.CharField(max_length=16, default=LinkState.PROPOSED, choices=[(s, s) for s in LinkState])
    probability = models.FloatField()
    evidence = models.JSONField(default=list)
    named = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    undone_from = models.CharField(max_length=16, default="", blank=True)
    refused_kinds = models.JSONField(default=list)

    class Meta:
        """Where it is kept."""

        db_table = "link"
        constraints = [
            models.UniqueConstraint(fields=["fan", "customer"], name="link_of_two"),
            models.CheckConstraint(
                condition=models.Q(probability__gte=0) & models.Q(probability__lte=1), name="link_probability"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="link_customer"),
            models.Index(fields=["state", "probability", "id"], name="link_standing"),
        ]


class PersonMember(models.Model):
    """An identity that hangs together with others, and the smallest of them, which names the person."""

    pk = models.CompositePrimaryKey("purpose", "identity")
    purpose = models.CharField(max_length=8, choices=[(p, p) for p in Purpose])
    identity = models.BigIntegerField()
    person = models.BigIntegerField()

    class Meta:
        """Where it is kept."""

        db_table = "person_member"
        indexes = [models.Index(fields=["purpose", "person"], name="person_member_person")]


class LinkCursor(models.Model):
    """The last contact key of a side whose effects are in the links."""

    side = models.CharField(primary_key=True, max_length=16)
    position = models.BigIntegerField()

    class Meta:
        """Where it is kept."""

        db_table = "link_cursor"
