"""A digest that hears activities, and an engine over what it kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tellings import Told, table

from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.databases import SOCIAL, transaction
from guanxi.records.installation import Installation
from guanxi.social.digest import SocialDigest
from guanxi.social.tables import TABLES


@pytest.fixture
def hear(house: Installation) -> Callable[..., None]:
    """Each call is one batch in a transaction of its own."""
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, TABLES)
    digest = SocialDigest(house.secrets.pepper)

    def hear_batch(*rows: Told) -> None:
        with transaction(SOCIAL) as connection:
            digest.apply(connection, table(*rows))

    return hear_batch


@pytest.fixture
def engine(hear: Callable[..., None]) -> Iterator[Engine]:
    with Engine(memory="500MB") as opened:
        yield opened
