"""A digest that hears purchases, and an engine over what it kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from buyings import Bought, table

from guanxi.customers.digest import CustomersDigest
from guanxi.customers.tables import TABLES
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.databases import CUSTOMERS, transaction
from guanxi.records.installation import Installation


@pytest.fixture
def hear(house: Installation) -> Callable[..., None]:
    """Each call is one batch in a transaction of its own."""
    with transaction(CUSTOMERS) as connection:
        catalog.declare(connection, TABLES)
    digest = CustomersDigest(house.secrets.pepper)

    def hear_batch(*rows: Bought) -> None:
        with transaction(CUSTOMERS) as connection:
            digest.apply(connection, table(*rows))

    return hear_batch


@pytest.fixture
def engine(hear: Callable[..., None]) -> Iterator[Engine]:
    with Engine(memory="500MB") as opened:
        yield opened
