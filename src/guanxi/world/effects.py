"""What a message from the brand truly does to each fan: the planted answer that measurement has to find.

A first message lifts what a fan does; each further one lifts less (fatigue) and drives more fans away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from guanxi.world.brand import World
from guanxi.world.people import Floats, People


@dataclass(frozen=True)
class Effects:
    """For each fan: the added chance to engage and to order within seven days of a message, and its price."""

    engages: Floats
    orders: Floats
    fatigue: Floats
    leaves: Floats


def effects(world: World, fans: People) -> Effects:
    """The true effects on the fans of a block; none on bots and farms."""
    rng, size = world.rng("effects", fans.block), len(fans.account)
    honest = fans.honest.astype(float)
    liveliness = np.clip(fans.rate / world.engagements, 0.1, 3.0)
    return Effects(
        engages=honest * np.clip(rng.beta(1.6, 8.0, size) * (0.5 + 0.3 * liveliness), 0.0, 0.8),
        orders=honest * rng.beta(1.2, 20.0, size),
        fatigue=rng.gamma(2.0, 0.2, size),
        leaves=honest * rng.beta(1.0, 400.0, size),
    )


def effect_columns(planted: Effects) -> dict[str, pa.Array]:
    """The effects as they stand in the truth."""
    return {
        "engage_lift": pa.array(planted.engages),
        "order_lift": pa.array(planted.orders),
        "fatigue": pa.array(planted.fatigue),
        "unfollow_hazard": pa.array(planted.leaves),
    }
