"""Tables of the social side: accounts, fans, their ways and contact keys, content, groups, tags, notices, and changes.

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


class FanWay(models.Model):
    """A way in which a fan follows, on platforms where one follows through employees: the latest coming and parting."""

    pk = models.CompositePrimaryKey("fan", "way")
    fan = models.BigIntegerField()
    way = models.TextField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fan_way"


class ContactKey(models.Model):
    """A keyed hash of a phone, address, union id or fan account that a fan was seen with."""

    ref = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    key = models.BinaryField()
    stated_at = models.DateTimeField(null=True)
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


class TopicWeight(models.Model):
    """A topic whose activities weigh other than 100 per cent in the scores."""

    topic = models.TextField(primary_key=True)
    percent = models.IntegerField()

    class Meta:
        db_table = "topic_weight"

    def __str__(self) -> str:
        return f"{self.topic}: {self.percent} %"


class FanChange(models.Model):
    """A fan whose record is newer than its mirror."""

    seq = models.BigAutoField(primary_key=True)
    fan = models.BigIntegerField()

    class Meta:
        db_table = "fan_change"

    def __str__(self) -> str:
        return f"fan {self.fan}"


class ChatGroup(models.Model):
    """A chat group on one account, called as it was last heard to be called."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False)
    key = models.BinaryField(unique=True)
    external_id = models.TextField()
    name = models.TextField(db_default="")
    named_at = models.DateTimeField(null=True)
    kind = models.TextField(db_default="")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "chat_group"

    def __str__(self) -> str:
        return f"group {self.pk}"


class GroupMember(models.Model):
    """A fan in a group: the latest moments of joining, leaving and being heard there."""

    pk = models.CompositePrimaryKey("chat_group", "fan")
    chat_group = models.BigIntegerField()
    fan = models.BigIntegerField(db_index=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "group_member"


class Tag(models.Model):
    """A label that people put on fans of one account; ``external_id`` is the platform's id, or its own word."""

    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False)
    key = models.BinaryField(unique=True)
    external_id = models.TextField()
    name = models.TextField(db_default="")
    named_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tag"

    def __str__(self) -> str:
        return f"tag {self.pk}"


class FanTag(models.Model):
    """A tag on a fan: the latest moments of putting it on and taking it off."""

    pk = models.CompositePrimaryKey("tag", "fan")
    tag = models.BigIntegerField()
    fan = models.BigIntegerField(db_index=True)
    tagged_at = models.DateTimeField(null=True)
    untagged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fan_tag"


class TagOrder(models.Model):
    """A tag put on or taken off here that the fan's platform must still be told of."""

    tag = models.BigIntegerField()
    fan = models.BigIntegerField()
    wanted = models.BooleanField()
    ordered_at = models.DateTimeField()
    state = models.TextField(db_default="waiting")
    code = models.TextField(db_default="")
    tries = models.IntegerField(db_default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tag_order"
        indexes = [models.Index(fields=["id"], condition=models.Q(state="waiting"), name="tag_order_waiting")]

    def __str__(self) -> str:
        return f"tag {self.tag} of fan {self.fan}"


class Revocation(models.Model):
    """Until when a fan's words on a field are forgotten; ``all`` is every field."""

    pk = models.CompositePrimaryKey("fan", "field")
    fan = models.BigIntegerField()
    field = models.TextField()
    revoked_at = models.DateTimeField()

    class Meta:
        db_table = "revocation"


class Notice(models.Model):
    """What a platform noted about an account or one of its fans; an alarm asks somebody to act."""

    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False)
    fan = models.BigIntegerField(null=True, db_index=True)
    name = models.TextField()
    is_alarm = models.BooleanField()
    reference = models.TextField(null=True)
    traits = models.TextField()
    happened_at = models.DateTimeField(db_index=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notice"

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
