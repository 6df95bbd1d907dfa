"""The step of the round that draws the crosswalk, the Pareto curves and the arms of campaigns and trials again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.listen.shares.trials import WINDOW_DAYS as SHARE_WINDOW_DAYS
from guanxi.measurement.tables import CAMPAIGN_ARM, CROSSWALK, PARETO, SHARE_TRIAL
from guanxi.vocabulary.progress import Progress

ROOM = "guanxi.measurement"
WINDOW_DAYS = 14


@dataclass(frozen=True)
class MeasuresReport:
    """How many rows the marts have."""

    crosswalk: int
    pareto: int
    arms: int
    trials: int


def main_currency(engine: Engine) -> str:
    """The currency of most orders; empty where nothing was ordered."""
    rows = engine.ask(sql(ROOM, "main_currency")).to_pylist()
    return str(rows[0]["currency"]) if rows else ""


def refresh_measures(engine: Engine, as_of: datetime, tell: Progress) -> MeasuresReport:
    """The marts are what orders, links, bands, classes and plans say at ``as_of``."""
    tell.begin("measures", 4)
    currency = main_currency(engine)
    cells = engine.derive(CROSSWALK, sql(ROOM, "crosswalk"), as_of, until=as_of, currency=currency)
    tell.advance(1)
    steps = engine.derive(PARETO, sql(ROOM, "pareto"), as_of, until=as_of)
    tell.advance(1)
    asked = {"until": as_of, "currency": currency, "days": WINDOW_DAYS}
    arms = engine.derive(CAMPAIGN_ARM, sql(ROOM, "campaign_arms"), as_of, **asked)
    tell.advance(1)
    trials = engine.derive(SHARE_TRIAL, sql(ROOM, "share_trials"), as_of, until=as_of, days=SHARE_WINDOW_DAYS)
    tell.advance(1)
    tell.end()
    return MeasuresReport(cells, steps, arms, trials)
