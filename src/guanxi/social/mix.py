"""The brand's mix of content: how much of it promotes products, what that gets, and when it leans too far.

Content that is all product bores people. The rule: over the last 90 days, where at least 20 contents say whether they
promote a product, more than half of them being product leans too far when one of them gets less engagement than
another content does; more than 70 per cent leans too far in any case. Fewer than a tenth leaves room when one of
them gets as much. Below the floor nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass

DAYS = 90
CONTENTS_MIN = 20
LEANING, HEAVY, LIGHT = 0.5, 0.7, 0.1


@dataclass(frozen=True, slots=True)
class Mix:
    """Contents published on a platform, and engagements with them: of product, of other, of unknown kind."""

    platform: str
    product: int
    other: int
    unknown: int
    product_engagements: int
    other_engagements: int
    unknown_engagements: int

    @property
    def known(self) -> int:
        """Contents that say whether they promote a product."""
        return self.product + self.other

    @property
    def published_share(self) -> float | None:
        """Product among the contents that say so; None where none do."""
        return self.product / self.known if self.known else None

    @property
    def engagement_share(self) -> float | None:
        """Product among the engagements with contents that say so; None where there are none."""
        whole = self.product_engagements + self.other_engagements
        return self.product_engagements / whole if whole else None


def suggestion(mix: Mix) -> str:
    """What the mix asks for: ``cant_say``, ``less_product``, ``room_for_product`` or ``balanced``."""
    published, engaged = mix.published_share, mix.engagement_share
    if mix.known < CONTENTS_MIN or published is None or engaged is None:
        return "cant_say"
    if published > HEAVY or (published > LEANING and engaged < published):
        return "less_product"
    if published < LIGHT and engaged >= published:
        return "room_for_product"
    return "balanced"


def product_wanted(mix: Mix) -> int:
    """How many of the known contents could be product before the mix leans."""
    return int(mix.known * LEANING)
