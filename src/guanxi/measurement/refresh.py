"""The step of the round that draws the crosswalk and the Pareto curves again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.measurement.tables import CROSSWALK, PARETO
from guanxi.vocabulary.progress import Progress

ROOM = "guanxi.measurement"


@dataclass(frozen=True)
class MeasuresReport:
    """How many rows the two marts have."""

    crosswalk: int
    pareto: int


def main_currency(engine: Engine) -> str:
    """The currency of most orders; empty where nothing was ordered."""
    rows = engine.ask(sql(ROOM, "main_currency")).to_pylist()
    return str(rows[0]["currency"]) if rows else ""


def refresh_measures(engine: Engine, as_of: datetime, tell: Progress) -> MeasuresReport:
    """Both marts are what orders, links, bands and classes say at ``as_of``."""
    tell.begin("measures", 2)
    currency = main_currency(engine)
    cells = engine.derive(CROSSWALK, sql(ROOM, "crosswalk"), as_of, until=as_of, currency=currency)
    tell.advance(1)
    steps = engine.derive(PARETO, sql(ROOM, "pareto"), as_of, until=as_of)
    tell.advance(1)
    tell.end()
    return MeasuresReport(cells, steps)
