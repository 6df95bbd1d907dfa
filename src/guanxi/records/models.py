"""Tables of the house itself: the brand's accounts on channels and the audit that every database keeps."""

from __future__ import annotations

from django.db import models


class ChannelAccount(models.Model):
    """One account of the brand on one platform: where fans are met and messages leave.

    Rows are written and opened by `records.accounts` only: the settings lie sealed.
    """

    platform = models.TextField()
    name = models.TextField()
    zone = models.TextField(default="Asia/Shanghai")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "channel_account"
        constraints = [models.UniqueConstraint(fields=["platform", "name"], name="channel_account_once")]

    def __str__(self) -> str:
        return f"{self.platform}/{self.name}"


class AuditEntry(models.Model):
    """One deed; the table is in each of the three databases (`audit.AUDIT_TABLE`)."""

    happened_at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    actor = models.TextField()
    verb = models.TextField()
    subject = models.TextField()
    detail = models.JSONField()

    class Meta:
        db_table = "audit_entry"
        managed = False

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Verification(models.Model):
    """When an invariant was last checked, and what was found."""

    name = models.TextField(primary_key=True)
    holds = models.BooleanField()
    detail = models.TextField()
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "verification"

    def __str__(self) -> str:
        return self.name
