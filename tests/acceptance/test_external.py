from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from killing import MAPPING
from running import GUANXI, answers, environment, free_pair, guanxi, nobody_left, until, verified

from guanxi.records.embedded import EmbeddedPostgres, socket_folder
from guanxi.records.installation import Installation

MAKE_KEY = """
import django
django.setup()
from guanxi.listen.track.actions import make_write_key
from guanxi.records.actor import SYSTEM
print(make_write_key(SYSTEM, "site", "web", "main"))
"""


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Another PostgreSQL, and how its superuser reaches it."""
    other = Installation.create(folder)
    with nobody_left(folder), EmbeddedPostgres(other, ("shared_buffers=64MB",)):
        yield f"host={socket_folder(other)} port=5432 user=guanxi password={other.secrets.passwords['guanxi']}"


def limited(superuser: str) -> str:
    """Somebody who may make databases and roles and nothing else."""
    with psycopg.connect(superuser, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEDB CREATEROLE PASSWORD 'secret'")
    return superuser.partition(" user=")[0] + " user=keeper password=secret"


def counted(folder: Path, urls: dict[str, str]) -> dict[str, str] | None:
    checks = verified(folder, **urls)
    return checks if checks["social_counted_once"].endswith(" 0 waiting") else None


@pytest.mark.xdist_group("processes")
def test_each_part_runs_by_itself_against_two_external_servers(tmp_path: Path) -> None:
    house, port = tmp_path / "house", free_pair()
    (tmp_path / "clicks.toml").write_text(MAPPING)
    (tmp_path / "clicks.csv").write_text("fan,page,second\nann,one,1790000000\nbob,two,1790000001\n")
    with server(tmp_path / "one") as one, server(tmp_path / "two") as two, nobody_left(house):
        urls = {"GUANXI_DATABASE_URL": one, "GUANXI_DATABASE_URL_CUSTOMERS": limited(two)}
        guanxi(house, "init", **urls)
        assert not (house / "postgres").exists()
        around = environment(house, DJANGO_SETTINGS_MODULE="guanxi.site.settings", **urls)
        places = {"door": port + 1, "web": port}
        for part in ("door", "web", "worker"):
            where = ["--port", str(places[part])] if part in places else []
            with (tmp_path / f"{part}.log").open("wb") as log:
                subprocess.Popen([*GUANXI, "part", part, *where], env=around, stdout=log, stderr=log)
        guanxi(
            house, "import", "--mapping", str(tmp_path / "clicks.toml"), str(tmp_path / "clicks.csv"), **urls
        )
        key = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", MAKE_KEY],
            env=around,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        until(lambda: answers(f"http://127.0.0.1:{port + 1}/healthz"), "the door")
        until(lambda: answers(f"http://127.0.0.1:{port}/"), "the console")
        order = {"event": "Order Completed", "userId": "ann", "properties": {"total": 5}, "messageId": "o1"}
        like = {"event": "Content Liked", "userId": "ann", "messageId": "l1"}
        for event in (order, like):
            sent = httpx.post(
                f"http://127.0.0.1:{port + 1}/v1/track", content=json.dumps(event), auth=(key, "")
            )
            assert sent.status_code == 200, sent.text
        checks = until(lambda: counted(house, urls), "the worker")
        assert checks["social_engagement_once"] == "3 facts"
        assert checks["customers_orders_once"] == "1 facts"
        for url, sides in ((one, {"social", "relationship"}), (two, {"customers"})):
            with psycopg.connect(url, dbname="postgres") as connection:
                rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'guanxi_%'")
                assert {name.removeprefix("guanxi_") for (name,) in rows} == sides
