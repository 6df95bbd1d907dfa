"""Makes known to segments what each band may see early."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from guanxi.influence.tables import BAND_ACCESS
from guanxi.influence.treatments.queries import treatments_in_force
from guanxi.lake.engine import Engine


def refresh_treatments(engine: Engine, as_of: datetime) -> None:
    """The lake says how many hours of early access each band has; 0 where it has none."""
    given = treatments_in_force()
    rows = {
        "band": [band.value for band in given],
        "early_access": [one.early_hours or 0 for one in given.values()],
    }
    engine.offer("early_offered", pa.table(rows, BAND_ACCESS.schema))
    engine.derive(BAND_ACCESS, "SELECT * FROM early_offered ORDER BY band", as_of)
