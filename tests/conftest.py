"""A real house for every test: one embedded PostgreSQL a worker, empty tables and an empty lake each time."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from soak_figures import pytest_runtest_logreport, pytest_sessionfinish

__all__ = ["pytest_runtest_logreport", "pytest_sessionfinish"]

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_folder = Path(tempfile.mkdtemp(prefix=f"guanxi-test-{_worker}-"))
_folder.chmod(0o755)
os.environ["GUANXI_DATA"] = str(_folder / "installation")
os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.site.settings"
for name in [n for n in os.environ if n.startswith("GUANXI_DATABASE_URL")]:
    del os.environ[name]

from guanxi.records.installation import Installation  # noqa: E402

Installation.create(Path(os.environ["GUANXI_DATA"]))

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

from guanxi.composition.consumers import consumers  # noqa: E402
from guanxi.composition.house import make_ready  # noqa: E402
from guanxi.records.databases import ALIASES, raw  # noqa: E402
from guanxi.records.embedded import EmbeddedPostgres  # noqa: E402
from guanxi.vocabulary.ids import Side  # noqa: E402

_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def pytest_unconfigure() -> None:
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running_house() -> Iterator[Installation]:
    """One migrated installation for the whole session; use `house`, which empties it."""
    installation = Installation.current()
    fast = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=128MB")
    with EmbeddedPostgres(installation, fast):
        make_ready(installation)
        _remember_fresh_rows()
        yield installation
        django.db.connections.close_all()


_fresh: dict[str, list[tuple[str, list[tuple[object, ...]]]]] = {}


def _tables(alias: str) -> list[str]:
    rows = raw(alias).execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'lake')"
    )
    return [name for (name,) in rows if name.split(".")[1] not in _KEPT]


def _remember_fresh_rows() -> None:
    """What migrations put into tables (a catalog's first snapshot, an epoch) is there again in every test."""
    for alias in ALIASES:
        kept = [(table, raw(alias).execute(f"SELECT * FROM {table}").fetchall()) for table in _tables(alias)]
        _fresh[alias] = [(table, rows) for table, rows in kept if rows]


def _empty(alias: str) -> None:
    connection = raw(alias)
    used = [t for t in _tables(alias) if connection.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone()]
    if used:
        connection.execute(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE")
    for table, rows in _fresh[alias]:
        marks = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE VALUES ({marks})", rows)


@pytest.fixture
def house(running_house: Installation) -> Iterator[Installation]:
    """An installation with empty tables and an empty lake."""
    for alias in ALIASES:
        _empty(alias)
    for side in Side:
        shutil.rmtree(running_house.lake_folder(side), ignore_errors=True)
        running_house.lake_folder(side).mkdir(parents=True)
    consumers.cache_clear()
    yield running_house
    django.db.connections.close_all()


@pytest.fixture
def now() -> datetime:
    """The moment at which every test takes place unless it says otherwise."""
    return datetime(2026, 11, 1, 12, tzinfo=UTC)
