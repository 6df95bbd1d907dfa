"""What doors show of a content's cascade."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.kernels.cascade import Cascade, grow
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require


def cascade_of(actor: Actor, engine: Engine, content: int, until: datetime) -> Cascade:
    """Who came to the content through whom, as far as platforms and share links tell."""
    require(actor, Permission.SEE_INFLUENCE)
    rows = engine.ask(sql("guanxi.influence", "cascade"), content=content, until=until)
    moments = pc.cast(rows["happened_at"], pa.int64()).to_numpy()
    fan, through = (np.asarray(rows[name].to_numpy(), np.int64) for name in ("fan", "through"))
    return grow(fan, through, moments)
