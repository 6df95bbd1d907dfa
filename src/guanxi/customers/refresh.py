"""Makes the customers side's mart from its orders: recency, frequency, money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from guanxi.customers.tables import RFM
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.vocabulary.progress import Progress


@dataclass(frozen=True, slots=True)
class RfmReport:
    """How many customers the mart holds."""

    customers: int


def refresh_rfm(engine: Engine, as_of: datetime, tell: Progress) -> RfmReport:
    """The mart says what the orders up to ``as_of`` say, recency counted to that UTC day."""
    tell.begin("rfm", 1)
    today = as_of.astimezone(UTC).date()
    customers = engine.derive(RFM, sql("guanxi.customers", "rfm"), as_of, until=as_of, today=today)
    tell.advance()
    tell.end()
    return RfmReport(customers)
