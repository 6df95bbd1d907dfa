"""The coarse jobs, scheduled in PostgreSQL by procrastinate: refresh, the nightly round, upkeep."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from guanxi.composition.round import refresh_all
from guanxi.composition.upkeep import keep_up
from guanxi.lake.engine import Engine
from guanxi.vocabulary.progress import SILENT


def declare() -> None:
    """The jobs are known to procrastinate (importing this module declared them)."""


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="refresh", lock="refresh", pass_context=False, name="guanxi.refresh")
def refresh(timestamp: int) -> None:
    """Every derived table is as of the moment the job was due."""
    with Engine() as engine:
        refresh_all(engine, datetime.fromtimestamp(timestamp, UTC), SILENT)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="upkeep", lock="refresh", name="guanxi.upkeep")
def upkeep(timestamp: int) -> None:
    """Small files are joined, orphans swept, old parcels and keys forgotten."""
    keep_up()
