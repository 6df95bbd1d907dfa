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
        early_hours: a campaign opens to them so many hours earlier than to all; segments may ask for it too
            (``early_access >= 24``). None gives no head start.
    """

    reply_hours: int | None = None
    goes_first: bool = False
    sends_max: int | None = None
    window_days: int = 7
    early_hours: int | None = None


FIRST_TREATMENTS: Mapping[Band, Treatment] = MappingProxyType(
    {
        Band.IGNITER: Treatment(reply_hours=2, goes_first=True, sends_max=1, window_days=7, early_hours=48),
        Band.AMPLIFIER: Treatment(reply_hours=8, goes_first=True, early_hours=24),
        Band.PARTICIPANT: Treatment(reply_hours=24),
        Band.LISTENER: Treatment(sends_max=1, window_days=30),
    }
)
"""In force until others are set: the strongest are answered soon and rarely written to, the silent rarely disturbed.

The caps are chosen on the demonstration's brand (20,000 fans, seed 7), whose true effects of messages are known. A
second message within the week wins 0.08 engagements of an igniter or an amplifier (the first 0.12 and 0.11) and
doubles the risk that they leave, to 0.7 and 0.5 %. With an igniter go 32 expected people, so it costs 0.23 of reach:
one a week. With an amplifier go 4, so it costs 0.02, and a participant takes next to nobody along: these keep the
brand's two a week. A listener acts on one day in ninety and answers 14 messages of a hundred where participants answer
46, and a message drove away twice as many (0.6 %): one in thirty days, well within the sixty after
which somebody is due.
"""


def checked(treatment: Treatment) -> Treatment:
    """The treatment, or a refusal where a number is out of bounds."""
    hours, sends = treatment.reply_hours, treatment.sends_max
    bounds = (
        ("reply_hours", hours is None or 1 <= hours <= HOURS_MAX),
        ("sends_max", sends is None or 0 <= sends <= SENDS_MAX),
        ("window_days", 1 <= treatment.window_days <= DAYS_MAX),
        ("early_hours", treatment.early_hours is None or 1 <= treatment.early_hours <= HOURS_MAX),
    )
    for name, holds in bounds:
        if not holds:
            raise Refused("treatment_out_of_bounds", name)
    return treatment
