"""Two doors hear one viewer at the same moment: each writes on a connection of its own, and PostgreSQL holds them up
where both have judged and neither has committed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sharing import BRAND, SPRING, Somebody, edges, verdicts

from guanxi.listen.door.desks import open_desks
from guanxi.listen.door.front import Door
from guanxi.listen.door.group import Committers
from guanxi.listen.shares.actions import make_share_link
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, admin_conninfo, conninfo
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side

GATE = 7_000_001
_HELD_UP = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def gate(house: Installation) -> Iterator[psycopg.Connection[tuple[int]]]:
    """Whoever would write an opening waits until this connection unlocks the gate."""
    name = psycopg.conninfo.conninfo_to_dict(conninfo(SOCIAL))["dbname"]
    with psycopg.connect(
        make_conninfo(admin_conninfo(house, Side.SOCIAL), dbname=name), autocommit=True
    ) as admin:
        admin.execute(
            "CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN new; END'"
        )
        admin.execute(
            "CREATE TRIGGER gate BEFORE INSERT ON share_opening FOR EACH ROW EXECUTE FUNCTION wait_at_gate()"
        )
        admin.execute("SELECT pg_advisory_lock(%s)", (GATE,))
        yield admin
        admin.execute("DROP TRIGGER gate ON share_opening")
        admin.execute("DROP FUNCTION wait_at_gate")


@pytest.mark.parametrize(
    ("links", "other"), [(1, "repeat"), (2, "later")], ids=["by one link", "by two links of the page"]
)
def test_one_viewer_at_two_doors_at_once_is_counted_once(
    gate: psycopg.Connection[tuple[int]], links: int, other: str
) -> None:
    made = [make_share_link(SYSTEM, BRAND, "spring", SPRING, datetime.now(UTC)) for _ in range(links)]

    async def arriving() -> None:
        doors = [httpx.ASGITransport(Door(open_desks(Committers()))) for _ in range(2)]
        readers = [Somebody(httpx.AsyncClient(transport=one, base_url="http://door"), "fan") for one in doors]
        views = [
            asyncio.create_task(reader.view(token))
            for reader, token in zip(readers, (made[0], made[-1]), strict=True)
        ]
        await asyncio.wait_for(_both_held_up(gate), 20)
        gate.execute("SELECT pg_advisory_unlock(%s)", (GATE,))
        await asyncio.gather(*views)

    asyncio.run(arriving())
    assert len(edges()) == 1
    assert (verdicts()["counted"], verdicts()[other]) == (1, 1)


async def _both_held_up(gate: psycopg.Connection[tuple[int]]) -> None:
    """Each door waits for the other or for the gate."""
    while gate.execute(_HELD_UP).fetchone() != (2,):
        await asyncio.sleep(0.02)
