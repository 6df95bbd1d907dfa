"""Makes the table of screened fans: suspects by their signs, those tagged so, less whom a person cleared."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.influence.screening.queries import cleared_fans
from guanxi.influence.screening.rules import PEOPLE_MIN, SOON_SECONDS, STRONG_PERCENT, TAGS, Sign, screened
from guanxi.influence.tables import SCREENED
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.vocabulary.progress import SILENT, Progress

_ROOM = "guanxi.influence"


def refresh_screening(engine: Engine, as_of: datetime, tell: Progress = SILENT) -> int:
    """Whoever looks like a share farm up to ``as_of``, or is tagged so, is screened; says how many."""
    tell.begin("screening", 1)
    evidence = engine.ask(
        sql(_ROOM, "screening_evidence"),
        people=PEOPLE_MIN,
        strong=STRONG_PERCENT,
        within=timedelta(seconds=SOON_SECONDS),
        until=as_of,
    )
    engine.offer("kept_out", pa.table({"tag": pa.array(TAGS)}))
    rows = _with_tagged(screened(evidence), engine.ask(sql(_ROOM, "tagged_fans"))["fan"])
    cleared = pa.array(cleared_fans(), pa.int64())
    rows = rows.filter(pc.invert(pc.is_in(rows["fan"], cleared)))
    engine.offer("screened_offered", rows.select(SCREENED.schema.names))
    count = engine.derive(SCREENED, "SELECT * FROM screened_offered ORDER BY fan", as_of)
    tell.advance()
    tell.end()
    return count


def _with_tagged(suspects: pa.Table, tagged: pa.ChunkedArray) -> pa.Table:
    """Both; a suspect who is tagged too stands by the evidence."""
    alone = tagged.filter(pc.invert(pc.is_in(tagged, suspects["fan"].combine_chunks())))
    nothing = pa.array(np.zeros(len(alone), np.int64))
    counts = dict.fromkeys(("people", "mutual", "idle", "timed", "soon"), nothing)
    signs = pa.array([str(Sign.TAGGED)] * len(alone), pa.string())
    rows = pa.table({"fan": alone, **counts, "signs": signs})
    return pa.concat_tables([suspects.select(rows.column_names), rows])
