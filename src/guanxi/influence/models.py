"""The tables of influence: choices of seed sets, the fans they make ambassadors of, what each band is given, and whom a
person said to be no share farm.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class AmbassadorState(StrEnum):
    """How far it has come between a fan and the brand."""

    SHORTLISTED = "shortlisted"
    INVITED = "invited"
    ACTIVE = "active"
    RESTING = "resting"
    DECLINED = "declined"


class RunState(StrEnum):
    """How far a choice has come."""

    ASKED = "asked"
    CHOOSING = "choosing"
    DONE = "done"
    REFUSED = "refused"


class SeedRun(models.Model):
    """One choice: what was asked, who was chosen, what the model promises, how such choices did before.

    ``found`` holds what else it came to: certainty, lists to compare with, well-known fans passed over.
    """

    state = models.CharField(max_length=16, choices=[(s, s) for s in RunState], default=RunState.DONE)
    step = models.TextField(default="", blank=True)
    refusal = models.TextField(default="", blank=True)
    asked_by = models.TextField(default="", blank=True)
    asked_at = models.DateTimeField(null=True)
    found = models.JSONField(default=dict)
    as_of = models.DateTimeField()
    parameters = models.JSONField()
    seeds = models.JSONField()
    spread = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    guarantee = models.FloatField()
    delta = models.FloatField()
    seconds = models.FloatField()
    people = models.BigIntegerField()
    ties = models.BigIntegerField()
    backtest = models.JSONField(null=True)

    class Meta:
        """Where it is kept."""

        db_table = "seed_run"

    def __str__(self) -> str:
        return f"seed run {self.pk}"


class Ambassador(models.Model):
    """A fan who was chosen, and what a person decided of that."""

    fan = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=16, choices=[(s, s) for s in AmbassadorState])
    reason = models.TextField(default="", blank=True)
    chosen_rank = models.IntegerField()
    marginal = models.FloatField()
    run = models.ForeignKey(SeedRun, models.PROTECT)
    decided_by = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Where it is kept."""

        db_table = "ambassador"
        indexes = [models.Index(fields=["state", "chosen_rank"], name="ambassador_standing")]

    def __str__(self) -> str:
        return f"ambassador {self.fan}"


class TreatmentSetting(models.Model):
    """What a band is given, as it was set; the newest row of a band is in force."""

    band = models.CharField(max_length=16)
    reply_hours = models.IntegerField(null=True)
    goes_first = models.BooleanField()
    sends_max = models.IntegerField(null=True)
    window_days = models.IntegerField()
    early_hours = models.IntegerField(null=True)
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        """Where it is kept."""

        db_table = "treatment_setting"

    def __str__(self) -> str:
        return f"treatment of {self.band}"


class FadingSetting(models.Model):
    """After how many days evidence of ties counts half, or None for never; the newest row is in force."""

    half_life_days = models.IntegerField(null=True)
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        """Where it is kept."""

        db_table = "fading_setting"

    def __str__(self) -> str:
        return f"half-life of {self.half_life_days} days"


class ScreeningDecision(models.Model):
    """A person said that a fan who looks like a share farm is none; without the row the evidence speaks."""

    fan = models.BigIntegerField(primary_key=True)
    reason = models.TextField()
    decided_by = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        """Where it is kept."""

        db_table = "screening_decision"

    def __str__(self) -> str:
        return f"screening of {self.fan}"
