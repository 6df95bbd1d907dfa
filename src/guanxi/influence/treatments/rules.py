"""Treatments: what a band is given. Recognition by how people speak with somebody, never by points or money.

A treatment's cap only ever tightens the brand's own: whoever moves many is spoken with, not written to in bulk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from guanxi.influence.weighing.bands import Band
from guanxi.vocabulary.reasons import Refused

HOURS_MAX = 24 * 14
DAYS_MAX = 365
SENDS_MAX = 100


@dataclass(frozen=True)
class Treatment:
    """What those of a band are given.

    Attributes:
        reply_hours: within so many hours they are answered; None promises nothing.
        goes_first: they are written to before others when a campaign goes out.
        sends_max: a person hears of the brand so often at most in ``window_days``; None leaves it to the brand's leash.
        window_days: the span of that cap.
    """

    reply_hours: int | None = None
    goes_first: bool = False
    sends_max: int | None = None
    window_days: int = 7


FIRST_TREATMENTS: Mapping[Band, Treatment] = MappingProxyType(
    {
        Band.IGNITER: Treatment(reply_hours=2, goes_first=True, sends_max=1, window_days=7),
        Band.AMPLIFIER: Treatment(reply_hours=8, goes_first=True),
        Band.PARTICIPANT: Treatment(reply_hours=24),
        Band.LISTENER: Treatment(sends_max=1, window_days=14),
    }
)
"""In force until others are set: the strongest are answered soon and rarely written to, the silent rarely disturbed."""


def checked(treatment: Treatment) -> Treatment:
    """The treatment, or a refusal where a number is out of bounds."""
    hours, sends = treatment.reply_hours, treatment.sends_max
    bounds = (
        ("reply_hours", hours is None or 1 <= hours <= HOURS_MAX),
        ("sends_max", sends is None or 0 <= sends <= SENDS_MAX),
        ("window_days", 1 <= treatment.window_days <= DAYS_MAX),
    )
    for name, holds in bounds:
        if not holds:
            raise Refused("treatment_out_of_bounds", name)
    return treatment
