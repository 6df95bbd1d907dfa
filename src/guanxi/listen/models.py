"""Tables of the doors: who may send, what is scanned, where viewers may be sent, what platforms lent."""

from __future__ import annotations

from django.db import models


class WriteKey(models.Model):
    """A key with which a client may send; only its hash is kept, and it is shown once."""

    name = models.TextField(unique=True)
    key_hash = models.BinaryField(unique=True)
    platform = models.TextField()
    account = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "write_key"

    def __str__(self) -> str:
        return self.name


class Scene(models.Model):
    """A picture of a brand's account to scan: its code, what it means, and where the picture is."""

    platform = models.TextField()
    account = models.TextField()
    code = models.TextField()
    name = models.TextField()
    meaning = models.TextField()
    target = models.TextField()
    ticket = models.TextField()
    image = models.TextField()
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        db_table = "scene"
        constraints = [models.UniqueConstraint(fields=["platform", "account", "code"], name="scene_once")]

    def __str__(self) -> str:
        return self.code


class PageAddress(models.Model):
    """An address of the brand's own to which a viewer may be sent; nobody is ever sent elsewhere."""

    address = models.TextField(unique=True)
    allowed_at = models.DateTimeField()
    allowed_by = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "page_address"

    def __str__(self) -> str:
        return self.address


class PlatformToken(models.Model):
    """A token that a platform lent to an account, sealed; or why the account asks for none any more."""

    platform = models.TextField()
    account = models.TextField()
    name = models.TextField()
    version = models.IntegerField()
    sealed = models.BinaryField(null=True)
    expires_at = models.DateTimeField(null=True)
    barred_code = models.TextField(db_default="")
    barred_for = models.TextField(db_default="")
    barred_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "platform_token"
        constraints = [
            models.UniqueConstraint(fields=["platform", "account", "name"], name="platform_token_once")
        ]

    def __str__(self) -> str:
        return f"{self.platform}/{self.account} {self.name}"


class ReplyRule(models.Model):
    """What an account answers by itself, and to what; the first rule in order that fits answers."""

    platform = models.TextField()
    account = models.TextField()
    answers = models.TextField()
    match = models.TextField()
    words = models.TextField(blank=True)
    text = models.TextField()
    place = models.IntegerField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "reply_rule"

    def __str__(self) -> str:
        return f"{self.platform}/{self.account} {self.answers} {self.words}"


class EventRule(models.Model):
    """Which kind of activity an event of the brand's own tells of, and which property names its content."""

    name = models.TextField(unique=True)
    kind = models.TextField()
    content_property = models.TextField(blank=True)
    mapped_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "event_rule"

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}"


class AccountReading(models.Model):
    """The last reading of an account's lists at its platform: asked for, under way, or what it told.

    Attributes:
        step: what is being read; empty where nothing is.
        refusal: why it was not read to the end, as code and detail.
        whole_at: when the lists were last read to their end.
    """

    platform = models.TextField()
    account = models.TextField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.TextField(default="")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.TextField(default="")
    counts = models.JSONField(default=dict)
    untold = models.JSONField(default=list)
    refusal = models.TextField(default="")
    whole_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_reading"
        constraints = [models.UniqueConstraint(fields=["platform", "account"], name="account_reading_once")]

    def __str__(self) -> str:
        return f"{self.platform}/{self.account}"
