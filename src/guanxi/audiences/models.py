"""The tables of audiences: segments (a question with a name) and who is kept in the holdout."""

from __future__ import annotations

from django.db import models


class Segment(models.Model):
    """A stored question; its members are in the lake, as of ``evaluated_at``.

    ``known`` says of how many each condition's truth was known then, in order.
    """

    name = models.CharField(max_length=80)
    question = models.TextField()
    text = models.TextField()
    version = models.IntegerField(default=1)
    created_by = models.TextField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    evaluated_version = models.IntegerField(null=True)
    size = models.BigIntegerField(null=True)
    asked = models.BigIntegerField(null=True)
    decided = models.BigIntegerField(null=True)
    known = models.JSONField(null=True)

    class Meta:
        """Where it is kept."""

        db_table = "segment"
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(archived_at=None), name="segment_named_once"
            ),
        ]

    def __str__(self) -> str:
        return f"segment {self.pk}"


class HoldoutMember(models.Model):
    """An identity that gets no unprompted marketing in a period; it stays there, whatever is linked later."""

    pk = models.CompositePrimaryKey("period", "identity")
    period = models.CharField(max_length=32)
    identity = models.BigIntegerField()
    person = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        """Where it is kept."""

        db_table = "holdout_member"
