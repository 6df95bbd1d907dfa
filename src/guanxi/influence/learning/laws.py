"""Keeps the law of ties between refreshes, so that a day of news looks at the ties it touches and no others.

The law is learned anew from all ties once the engagements have grown by a twentieth. Until then chances may lie
as far from a rebuild's as the law has moved in that time; counts never do. A law is of evidence that fades in one way:
where that changes, or takes its next step, the law and all ties are made anew.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.influence.learning.decay import Fading
from guanxi.influence.learning.evidence import RATES
from guanxi.influence.learning.rates import Law, Laws
from guanxi.influence.tables import TIE_LAW
from guanxi.lake.engine import Engine

GROWTH_MAX = 1.05


def kept_laws(engine: Engine, engagements: int, fading: Fading) -> Laws | None:
    """The laws as they were learned last; None where none are kept, too much was told since, or evidence faded."""
    rows = engine.ask("SELECT * FROM social.tie_law ORDER BY counted DESC, place").to_pylist()
    if not rows or engagements > GROWTH_MAX * rows[0]["engagements"]:
        return None
    if Fading(rows[0]["half_life_days"], rows[0]["since"]) != fading:
        return None
    return Laws(*(_law([row for row in rows if row["counted"] is counted]) for counted in (True, False)))


def keep_laws(engine: Engine, laws: Laws, engagements: int, as_of: datetime, fading: Fading) -> None:
    """These are the laws until they are learned again."""
    rows = [
        {"counted": counted, "place": place, "strength": law.strength, "share": share,
         "truncated": law.truncated, "engagements": engagements, **asdict(fading)}
        for counted, law in ((True, laws.counted), (False, laws.credited)) if law is not None
        for place, share in enumerate(law.shares.tolist())
    ]  # fmt: skip
    engine.offer("law_offered", pa.Table.from_pylist(rows, TIE_LAW.schema))
    engine.derive(TIE_LAW, "SELECT * FROM law_offered", as_of)


def _law(rows: list[dict[str, Any]]) -> Law | None:
    if len(rows) != len(RATES):
        return None
    return Law(rows[0]["strength"], np.asarray([row["share"] for row in rows]), rows[0]["truncated"])
