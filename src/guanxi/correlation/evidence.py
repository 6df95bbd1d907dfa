"""What a shared key says about a fan and a customer, and how evidence adds up to a probability.

Kinds of evidence lean on each other (who shares a phone shares an e-mail too), so doubts are multiplied and
odds are never added up from a blind prior: the answer stays on the careful side. Refuses kinds it does not
know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.vocabulary.reasons import Refused

UNION_ID, FAN_ACCOUNT, PHONE, EMAIL = "union_id", "fan_account", "phone", "email"
NAMED = "named"

SURENESS: dict[str, float] = {
    UNION_ID: 0.995,
    FAN_ACCOUNT: 0.97,
    PHONE: 0.95,
    EMAIL: 0.9,
    NAMED: 0.6,
}
KEY_KINDS = (UNION_ID, FAN_ACCOUNT, PHONE, EMAIL)

CROWD_MAX = 20
BLIND_PROBABILITY = 1e-6
_DIGITS = 6
_SUREST = 1 - 10**-_DIGITS


@dataclass(frozen=True, order=True)
class Evidence:
    """One kind of key that a fan and a customer share.

    Attributes:
        kind: a key of `SURENESS`.
        crowd: how many on one account, of fans or of customers whichever is more, hold that key; 1 when it
            is theirs alone.
    """

    kind: str
    crowd: int = 1

    def __post_init__(self) -> None:
        if self.kind not in SURENESS:
            raise Refused("evidence_unknown", self.kind)
        if self.crowd < 1:
            raise Refused("evidence_unreadable", f"{self.kind}: {self.crowd}")

    @property
    def probability(self) -> float:
        """How sure this alone makes us: a key held by a crowd points at each of them equally.

        >>> Evidence("phone").probability, Evidence("phone", crowd=2).probability
        (0.95, 0.475)
        """
        return SURENESS[self.kind] / self.crowd


@dataclass(frozen=True)
class Step:
    """One bar of the waterfall: natural log-odds before and after a piece of evidence."""

    kind: str
    crowd: int
    probability: float
    before: float
    after: float

    @property
    def weight(self) -> float:
        """How far this evidence moved the odds."""
        return self.after - self.before


def log_odds(probability: float) -> float:
    """The natural logarithm of the odds; certainty is held one millionth short, so that it can be drawn."""
    held = min(max(probability, BLIND_PROBABILITY), _SUREST)
    return math.log(held / (1 - held))


def combined(evidence: Iterable[Evidence]) -> float:
    """The probability that all this evidence together gives, to six digits; 0 without any.

    >>> combined([Evidence("phone"), Evidence("email")])
    0.995
    """
    doubt = math.prod(1 - one.probability for one in sorted(evidence))
    return round(min(1 - doubt, _SUREST), _DIGITS) if doubt < 1 else 0.0


def waterfall(evidence: Iterable[Evidence]) -> tuple[Step, ...]:
    """The steps from a blind guess to the combined probability, strongest evidence first."""
    steps: list[Step] = []
    taken: list[Evidence] = []
    before = log_odds(BLIND_PROBABILITY)
    for one in sorted(evidence, key=lambda each: (-each.probability, each.kind)):
        taken.append(one)
        after = log_odds(combined(taken))
        steps.append(Step(one.kind, one.crowd, one.probability, before, after))
        before = after
    return tuple(steps)


def as_rows(evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    """The evidence as it is kept with a link."""
    return [
        {"kind": one.kind, "crowd": one.crowd, "probability": round(one.probability, _DIGITS)}
        for one in sorted(evidence, key=lambda each: (-each.probability, each.kind))
    ]


def from_rows(rows: Iterable[dict[str, object]]) -> tuple[Evidence, ...]:
    """The evidence that a link keeps, read back."""
    return tuple(Evidence(str(row["kind"]), int(str(row["crowd"]))) for row in rows)
