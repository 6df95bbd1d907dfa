from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from guanxi.composition.consumers import consumers, hear
from guanxi.composition.round import go_round
from guanxi.composition.verify import verify
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.listen.imports.importing import import_file
from guanxi.listen.imports.mapping import read_mapping
from guanxi.loyalty.actions.programme import install_default_programme
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.social.tables import ACTIVITY, ENGAGEMENT
from guanxi.vocabulary.ids import Side
from guanxi.world.brand import World
from guanxi.world.writing import write

END = datetime(2026, 10, 1, 2, tzinfo=UTC)


@pytest.fixture
def brand(house: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A small brand after one whole round."""
    consumers.cache_clear()
    install_default_programme(SYSTEM, datetime(2026, 1, 1, tzinfo=UTC))
    written = write(World(300, 5, END), tmp_path / "world")
    for one in written.imports:
        for file in one.files:
            import_file(file, read_mapping(one.mapping))
    hear()
    with Engine() as engine:
        go_round(engine, END)
    yield house
    consumers.cache_clear()


def broken(rebuild: bool = False) -> dict[str, str]:
    return {check.name: check.detail for check in verify(rebuild) if not check.holds}


def files(name: str) -> list[Path]:
    with transaction(SOCIAL) as connection:
        return Lake(Side.SOCIAL).files(connection, name)


def a_file_is_gone() -> tuple[str, str]:
    files("engagement")[0].unlink()
    return "social_files_whole", "engagement/"


def a_file_is_cut_short() -> tuple[str, str]:
    path = files("score")[0]
    path.write_bytes(path.read_bytes()[:-100])
    return "social_files_whole", "score/"


def a_fact_is_doubled() -> tuple[str, str]:
    row = pq.read_table(files("engagement")[0]).slice(0, 1)
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).append(connection, ENGAGEMENT, row)
    return "social_engagement_once", "1 twice"


def an_accepted_parcel_is_lost() -> tuple[str, str]:
    raw(CUSTOMERS).execute("UPDATE consumer_cursor SET activities = activities - 1 WHERE name = 'customers'")
    return "customers_counted_once", "accepted"


def a_balance_is_changed() -> tuple[str, str]:
    changed = raw(RELATIONSHIP).execute(
        "UPDATE balance SET amount = amount + 1 WHERE (account, points) = "
        "(SELECT account, points FROM balance WHERE amount > 0 LIMIT 1)"
    )
    assert changed.rowcount == 1
    return "loyalty_promises", "balance_is_not_its_entries"


def a_person_is_torn() -> tuple[str, str]:
    changed = raw(RELATIONSHIP).execute(
        "DELETE FROM person_member WHERE (purpose, identity) = "
        "(SELECT purpose, identity FROM person_member LIMIT 1)"
    )
    assert changed.rowcount == 1
    return "correlation_promises", "person_is_not_its_links"


PLANTS: list[Callable[[], tuple[str, str]]] = [
    a_fact_is_doubled,
    an_accepted_parcel_is_lost,
    a_balance_is_changed,
    a_person_is_torn,
    a_file_is_cut_short,
    a_file_is_gone,
]


def test_each_planted_damage_is_found_and_named(brand: Installation) -> None:
    assert broken() == {}
    known: set[str] = set()
    for plant in PLANTS:
        check, word = plant()
        found = broken()
        assert word in found[check], plant.__name__
        assert set(found) - known <= {check, "social_engagement_once"}, plant.__name__
        known |= set(found)
    remembered = raw(RELATIONSHIP).execute("SELECT name FROM verification WHERE NOT holds")
    assert {name for (name,) in remembered} == known


def test_a_mart_that_lacks_a_row_and_a_mirror_that_lacks_a_fan_are_named_by_the_rebuild(
    brand: Installation,
) -> None:
    assert broken(rebuild=True) == {}
    with Engine() as engine:
        kept = engine.ask("SELECT * FROM social.activity").slice(1)
    with transaction(SOCIAL) as connection:
        catalog.swap(connection, "activity", [Lake(Side.SOCIAL).stage(ACTIVITY, kept)], None)
    assert broken(rebuild=True) == {"derived_equal_rebuild": "social.activity"}
    assert broken(rebuild=True) == {}
    raw(SOCIAL).execute("UPDATE fan SET followed_at = '2001-02-03' WHERE id = (SELECT min(id) FROM fan)")
    raw(SOCIAL).execute("TRUNCATE fan_change")
    assert "social.fan" in broken(rebuild=True)["derived_equal_rebuild"]
