"""A disk that is full, for real: the inbox lies on a tiny file system, which root can mount."""

from __future__ import annotations

import asyncio
import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from guanxi.listen.door.front import open_door
from guanxi.listen.track.actions import make_write_key
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, admin_conninfo, conninfo, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side

EVENTS = 500


def mounted(*options: str) -> bool:
    return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0


@pytest.fixture
def tiny_disk() -> Iterator[Path]:
    """A folder on a file system of two megabytes, which belongs to the server."""
    folder = Path(tempfile.mkdtemp(prefix="guanxi-tiny-"))
    if os.geteuid() != 0 or not mounted("-t", "tmpfs", "-o", "size=2m,mode=0700", "none", str(folder)):
        folder.rmdir()
        pytest.skip("only root can mount a disk that is full")
    owner = pwd.getpwnam("nobody")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
def inbox_on_tiny_disk(house: Installation, tiny_disk: Path) -> Iterator[Path]:
    address = make_conninfo(
        admin_conninfo(house, Side.SOCIAL),
        dbname=psycopg.conninfo.conninfo_to_dict(conninfo(SOCIAL))["dbname"],
    )
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE TABLESPACE tiny LOCATION '{tiny_disk}'")
        admin.execute("ALTER TABLE inbox SET TABLESPACE tiny")
        yield tiny_disk
        admin.execute("ALTER TABLE inbox SET TABLESPACE pg_default")
        admin.execute("DROP TABLESPACE tiny")


def batch(number: int) -> dict[str, Any]:
    names = (f"m{number}-{place}" for place in range(EVENTS))
    return {
        "batch": [
            {
                "type": "track",
                "event": "Content Liked",
                "messageId": name,
                "userId": f"{name}-{os.urandom(40).hex()}",
            }
            for name in names
        ]
    }


def test_a_full_disk_is_never_an_acknowledgement_and_room_is_all_that_recovery_needs(
    inbox_on_tiny_disk: Path,
) -> None:
    key = make_write_key(SYSTEM, "site", "web", "main")

    async def until_full_and_on() -> list[int]:
        transport = httpx.ASGITransport(open_door())
        async with httpx.AsyncClient(transport=transport, base_url="http://door", auth=(key, "")) as client:
            found: list[int] = []
            while 503 not in found and len(found) < 100:
                found.append((await client.post("/v1/batch", json=batch(len(found)))).status_code)
            found.append((await client.post("/v1/batch", json=batch(len(found)))).status_code)
            assert mounted("-o", "remount,size=32m", str(inbox_on_tiny_disk))
            for number in (len(found) - 2, len(found) - 1):
                found.append((await client.post("/v1/batch", json=batch(number))).status_code)
            return found

    answers = asyncio.run(until_full_and_on())
    taken = answers.index(503)
    assert answers == [200] * taken + [503, 503, 200, 200]
    assert taken > 0
    assert raw(SOCIAL).execute("SELECT sum(activities)::int FROM inbox").fetchone() == ((taken + 2) * EVENTS,)
    assert raw(SOCIAL).execute("SELECT sum(activities)::int FROM heard").fetchone() == ((taken + 2) * EVENTS,)
