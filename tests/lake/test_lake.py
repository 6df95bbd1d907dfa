from __future__ import annotations

import glob
import json
import threading
from datetime import UTC, date, datetime, timedelta

import duckdb
import duckdb_extension_ducklake
import duckdb_extension_postgres_scanner
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connections

from guanxi.lake import catalog
from guanxi.lake.catalog import Provenance
from guanxi.lake.engine import Engine
from guanxi.lake.freshness import freshness, known_until
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import SOCIAL, address, alias_of, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

PROBE = LakeTable(
    Side.SOCIAL,
    "probe",
    pa.schema(
        [
            ("id", pa.int64()),
            ("word", pa.string()),
            ("happened_at", pa.timestamp("us", tz="UTC")),
            ("day", pa.date32()),
            ("share", pa.float64()),
        ]
    ),
)
PARTED = LakeTable(
    Side.SOCIAL, "parted", pa.schema([("part", pa.int32()), ("id", pa.int64())]), derived=True, part="part"
)
SECRET = LakeTable(
    Side.RELATIONSHIP,
    "secret",
    pa.schema([("id", pa.int64())]),
    derived=True,
    reveals=frozenset({Side.CUSTOMERS}),
)


def rows(*ids: int) -> pa.Table:
    moment = datetime(2026, 11, 1, 12, tzinfo=UTC)
    return pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "word": [None if i % 3 == 0 else f"粉丝{i}" for i in ids],
            "happened_at": pa.array([moment] * len(ids), pa.timestamp("us", tz="UTC")),
            "day": pa.array([date(2026, 11, 1)] * len(ids), pa.date32()),
            "share": [i / 2 for i in ids],
        }
    )


@pytest.fixture
def lake(house: Installation) -> Lake:
    for side, tables in ((Side.SOCIAL, [PROBE, PARTED]), (Side.RELATIONSHIP, [SECRET])):
        with transaction(alias_of(side)) as connection:
            catalog.declare(connection, tables)
    return Lake(Side.SOCIAL)


def ids_in(name: str = "social.probe") -> list[int]:
    with Engine() as engine:
        return engine.ask(f"SELECT id FROM {name} ORDER BY id")["id"].to_pylist()


def test_rows_appear_with_the_commit_of_their_transaction_and_not_before(lake: Lake) -> None:
    with pytest.raises(RuntimeError), transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(1, 2))
        raise RuntimeError
    assert ids_in() == []
    with transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(1, 2))
    with transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(3))
    assert ids_in() == [1, 2, 3]


def test_what_a_rollback_left_on_the_disk_is_swept_and_nothing_else(lake: Lake) -> None:
    with pytest.raises(RuntimeError), transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(1, 2))
        raise RuntimeError
    with transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(3))
    assert len(lake.sweep(raw(SOCIAL), seconds=-1)) == 1
    assert ids_in() == [3]


def test_a_swap_replaces_everything_at_once(lake: Lake) -> None:
    for content in (rows(1, 2), rows(5)):
        with transaction(SOCIAL) as connection:
            lake.swap(connection, PROBE, content)
    assert ids_in() == [5]


def test_a_swap_by_part_leaves_the_other_parts_alone(lake: Lake) -> None:
    def content(*pairs: tuple[int, int]) -> pa.Table:
        return pa.table({"part": pa.array([p for p, _ in pairs], pa.int32()), "id": [i for _, i in pairs]})

    with transaction(SOCIAL) as connection:
        lake.swap(connection, PARTED, content((1, 10), (2, 20), (3, 30)))
    with transaction(SOCIAL) as connection:
        lake.swap(connection, PARTED, content((2, 21)), parts=[2, 3])
    assert ids_in("social.parted") == [10, 21]


def test_compaction_keeps_rows_and_order_and_replaced_files_go_after_their_time(lake: Lake) -> None:
    for i in range(4):
        with transaction(SOCIAL) as connection:
            lake.append(connection, PROBE, rows(i))
    with transaction(SOCIAL) as connection:
        assert lake.compact(connection, PROBE) == 4
    assert ids_in() == [0, 1, 2, 3]
    assert len(list(lake.folder.glob("probe/*"))) == 5
    with transaction(SOCIAL) as connection:
        gone = lake.forget_replaced(connection, seconds=-1)
    for path in gone:
        path.unlink()
    assert ids_in() == [0, 1, 2, 3]
    assert len(list(lake.folder.glob("probe/*"))) == 1


def test_writers_at_once_lose_nothing(lake: Lake) -> None:
    def write(first: int) -> None:
        for i in range(5):
            with transaction(SOCIAL) as connection:
                lake.append(connection, PROBE, rows(first + i))
        connections.close_all()

    threads = [threading.Thread(target=write, args=(n * 10,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ids_in() == sorted(n * 10 + i for n in range(4) for i in range(5))


def test_a_derived_table_says_from_which_snapshots_it_was_made(lake: Lake, now: datetime) -> None:
    with transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(1, 2, 3))
    with Engine() as engine:
        made = engine.derive(
            PARTED, "SELECT 1 AS part, id FROM social.probe WHERE id > $least", as_of=now, least=1
        )
    assert made == 2
    assert ids_in("social.parted") == [2, 3]
    inputs, as_of = raw(SOCIAL).execute("SELECT inputs, as_of FROM lake.provenance").fetchone() or (
        "{}",
        None,
    )
    assert json.loads(inputs)["social"] >= 1
    assert as_of == now


def test_a_table_knows_until_its_last_swap_and_says_so_alone(lake: Lake, now: datetime) -> None:
    assert known_until(Side.SOCIAL, "parted") is None
    for hours in (3, 1, 2):
        with transaction(SOCIAL) as connection:
            made = Provenance("1", now - timedelta(hours=hours))
            lake.swap(connection, PARTED, PARTED.schema.empty_table(), made, parts=[1])
    assert known_until(Side.SOCIAL, "parted") == now - timedelta(hours=2)
    assert known_until(Side.RELATIONSHIP, "parted") is None
    assert [(one.table, one.as_of) for one in freshness()] == [("parted", now - timedelta(hours=2))]


def test_numbers_and_moments_lie_as_steps_and_words_in_a_dictionary(lake: Lake) -> None:
    many = rows(*range(5_000))
    staged = lake.stage(PROBE, many)
    path = lake.folder / "probe" / staged.path
    group = pq.read_metadata(path).row_group(0)
    columns = (group.column(i) for i in range(group.num_columns))
    packed = {one.path_in_schema for one in columns if "DELTA_BINARY_PACKED" in one.encodings}
    assert packed == {"id", "happened_at", "day"}
    assert pq.read_table(path).equals(many.cast(pq.read_schema(path)))


def test_an_unseen_side_and_what_reveals_it_are_refused(lake: Lake) -> None:
    with Engine(allowed={Side.SOCIAL, Side.RELATIONSHIP}) as engine:
        assert engine.ask("SELECT count(*) AS n FROM social.probe")["n"].to_pylist() == [0]
        with pytest.raises(Refused, match="not_permitted"):
            engine.ask("SELECT * FROM relationship.secret")
        with pytest.raises(Refused, match="not_permitted"):
            engine.ask("SELECT * FROM social.probe WHERE id IN (SELECT id FROM customers.orders)")


def test_a_changed_fact_table_is_refused_and_a_changed_derived_one_starts_anew(lake: Lake) -> None:
    wider = pa.schema([*PARTED.schema, ("more", pa.int64())])
    with transaction(SOCIAL) as connection:
        lake.swap(connection, PARTED, pa.table({"part": pa.array([1], pa.int32()), "id": [1]}))
        catalog.declare(connection, [LakeTable(Side.SOCIAL, "parted", wider, derived=True, part="part")])
    with Engine() as engine:
        assert engine.ask("SELECT more FROM social.parted").num_rows == 0
    with pytest.raises(Refused, match="lake_table_changed"), transaction(SOCIAL) as connection:
        catalog.declare(connection, [LakeTable(Side.SOCIAL, "probe", wider)])


def _extension(package: object) -> str:
    return glob.glob(f"{package.__path__[0]}/extensions/*/*.duckdb_extension")[0]  # type: ignore[attr-defined]


def test_ducklakes_own_extension_reads_the_same_rows(lake: Lake, house: Installation) -> None:
    with transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(*range(50)))
    with transaction(SOCIAL) as connection:
        lake.append(connection, PROBE, rows(*range(50, 70)))
        lake.swap(connection, PARTED, pa.table({"part": pa.array([1, 2, 1], pa.int32()), "id": [7, 8, 9]}))
    with transaction(SOCIAL) as connection:
        lake.swap(connection, PARTED, pa.table({"part": pa.array([2], pa.int32()), "id": [88]}), parts=[2])
        lake.compact(connection, PROBE)
    at = address(house, Side.SOCIAL)
    theirs = duckdb.connect()
    theirs.execute("SET TimeZone = 'UTC'")
    theirs.execute(f"LOAD '{_extension(duckdb_extension_postgres_scanner)}'")
    theirs.execute(f"LOAD '{_extension(duckdb_extension_ducklake)}'")
    source = f"host={at.host} port={at.port} dbname={at.name} user={at.user} password={at.password}"
    theirs.execute(f"ATTACH 'ducklake:postgres:{source}' AS lake (METADATA_SCHEMA 'lake', READ_ONLY)")
    with Engine() as engine:
        for table in ("probe", "parted"):
            ours = engine.ask(f"SELECT * FROM social.{table} ORDER BY id")
            assert (
                theirs.execute(f"SELECT * FROM lake.{table} ORDER BY id")
                .to_arrow_table()
                .equals(
                    ours.cast(theirs.execute(f"SELECT * FROM lake.{table} LIMIT 0").to_arrow_table().schema)
                )
            )
            assert ours.num_rows == {"probe": 70, "parted": 3}[table]
