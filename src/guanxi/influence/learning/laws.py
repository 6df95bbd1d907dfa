"""Keeps the law of ties between refreshes, so that a day of news looks at the ties it touches and no others.

The law is learned anew from all ties once the engagements have grown by a twentieth. Until then chances may lie
as far from a rebuild's as the law has moved in that time; counts never do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.influence.learning.evidence import RATES
from guanxi.influence.learning.rates import Law, Laws
from guanxi.influence.tables import TIE_LAW
from guanxi.lake.engine import Engine

GROWTH_MAX = 1.05


def kept_laws(engine: Engine, engagements: int) -> Laws | None:
    """The laws as they were learned last; None where none are kept or too much was told since."""
    rows = engine.ask("SELECT * FROM social.tie_law ORDER BY counted DESC, place").to_pylist()
    if not rows or engagements > GROWTH_MAX * rows[0]["engagements"]:
        return None
    return Laws(*(_law([row for row in rows if row["counted"] is counted]) for counted in (True, False)))


def keep_laws(engine: Engine, laws: Laws | None, engagements: int, as_of: datetime) -> None:
    """These are the laws until they are learned again; without any, the next refresh learns them."""
    rows = [
        {"counted": counted, "place": place, "strength": law.strength, "share": share,
         "truncated": law.truncated, "engagements": engagements}
        for counted, law in _sides(laws) if law is not None
        for place, share in enumerate(law.shares.tolist())
    ]  # fmt: skip
    engine.offer("law_offered", pa.Table.from_pylist(rows, TIE_LAW.schema))
    engine.derive(TIE_LAW, "SELECT * FROM law_offered", as_of)


def _sides(laws: Laws | None) -> tuple[tuple[bool, Law | None], ...]:
    return () if laws is None else ((True, laws.counted), (False, laws.credited))


def _law(rows: list[dict[str, Any]]) -> Law | None:
    if len(rows) != len(RATES):
        return None
    return Law(rows[0]["strength"], np.asarray([row["share"] for row in rows]), rows[0]["truncated"])
