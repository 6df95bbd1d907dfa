"""The world is what it says it is: the same from one seed, and true to the figures of the field article."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from guanxi.listen.imports.files import read
from guanxi.listen.imports.mapping import read_mapping
from guanxi.vocabulary.reasons import Refused
from guanxi.world.brand import World
from guanxi.world.responses import respond
from guanxi.world.words import HOSTILE
from guanxi.world.writing import Written, write

END = datetime(2026, 11, 1, 12, tzinfo=UTC)
FANS = 20_000


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(World(FANS, 7, END), tmp_path_factory.mktemp("world"))


@pytest.fixture
def ask(written: Written) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for one in written.imports:
            connection.read_parquet([str(path) for path in one.files]).create_view(one.source)
        for path in written.truth.glob("*.parquet"):
            connection.read_parquet(str(path)).create_view(f"true_{path.stem}")
        yield connection


def one(connection: duckdb.DuckDBPyConnection, question: str) -> float:
    row = connection.execute(question).fetchone()
    assert row is not None
    return float(row[0])


def everything(result: Written) -> dict[str, list[dict[str, object]]]:
    paths = [path for one in result.imports for path in one.files] + sorted(result.truth.glob("*.parquet"))
    return {path.name: pq.read_table(path).to_pylist() for path in paths}


def test_every_row_of_every_source_is_imported_as_a_users_own_export_would_be(written: Written) -> None:
    begin = END - timedelta(days=180)
    for source in written.imports:
        mapping = read_mapping(source.mapping)
        rows, keys = 0, []
        for path in source.files:
            for block in read(path, mapping):
                assert block.rejected == []
                rows += block.rows
                keys += block.activities["key"].to_pylist()
                moments = pc.min_max(block.activities["happened_at"]).as_py()
                assert begin <= moments["min"]
                assert moments["max"] < END
        assert rows == source.rows
        assert len(set(keys)) == len(keys) == rows * len(mapping.activities)


def test_ids_tell_fans_of_all_accounts_apart(ask: duckdb.DuckDBPyConnection) -> None:
    assert one(ask, "SELECT COUNT(DISTINCT openid) FROM fans") == FANS


def test_the_same_seed_writes_the_same_world_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = (
        everything(write(World(500, seed, END, days=30), tmp_path / name))
        for seed, name in ((1, "a"), (1, "b"), (2, "c"))
    )
    assert first == again
    assert first["fans.parquet"] != other["fans.parquet"]


def test_a_fifth_of_the_customers_brings_sixty_to_seventy_percent_of_the_revenue(
    ask: duckdb.DuckDBPyConnection,
) -> None:
    share = one(
        ask,
        """
        WITH r AS (SELECT customer_no, SUM(CASE flow WHEN 'pay' THEN fen ELSE -fen END) AS fen
                   FROM orders GROUP BY 1),
             k AS (SELECT fen, ROW_NUMBER() OVER (ORDER BY fen DESC) AS place, COUNT(*) OVER () AS n FROM r)
        SELECT SUM(CASE WHEN place <= n * 0.2 THEN fen ELSE 0 END) / SUM(fen) FROM k
        """,
    )
    assert 0.60 <= share <= 0.70


def test_fans_engage_ten_times_each_and_know_as_many_people_as_the_article_says(
    ask: duckdb.DuckDBPyConnection,
) -> None:
    assert 8.5 <= one(ask, "SELECT COUNT(*) FROM engagements") / FANS <= 11.5
    assert 450 <= one(ask, "SELECT AVG(contacts) FROM true_people") <= 550
    assert 19 <= one(ask, "SELECT AVG(talked_with) FROM true_people") <= 21
    assert 9.5 <= one(ask, "SELECT AVG(brands_followed) FROM true_people") <= 10.5
    assert one(ask, "SELECT MIN(groups) FROM true_people") == 5
    assert one(ask, "SELECT MAX(groups) FROM true_people") == 10


def test_customers_are_half_fans_and_what_both_sides_know_links_a_part_of_them(
    ask: duckdb.DuckDBPyConnection,
) -> None:
    pairs = one(ask, "SELECT COUNT(*) FROM true_pairs")
    assert 0.10 <= pairs / FANS <= 0.13
    assert 0.22 <= one(ask, "SELECT COUNT(*) FROM customers") / FANS <= 0.25
    same = """
        FROM (
            SELECT openid, customer_no FROM fans AS f JOIN customers AS c ON c.phone = f.phone
            UNION SELECT openid, customer_no FROM fans AS f JOIN customers AS c ON c.unionid = f.unionid
            UNION SELECT openid, customer_no FROM fans AS f JOIN customers AS c ON c.email = f.email
        ) AS m
        LEFT JOIN true_pairs AS p ON p.fan = m.openid AND p.customer = m.customer_no
    """
    found = one(ask, f"SELECT COUNT(p.fan) {same}")
    mistaken = one(ask, f"SELECT COUNT(*) - COUNT(p.fan) {same}")
    assert 0.30 <= found / pairs <= 0.60
    assert 0 < mistaken / found < 0.03


def test_shares_are_opened_as_often_as_the_true_ties_say(ask: duckdb.DuckDBPyConnection) -> None:
    opened, expected = ask.execute(
        """
        WITH s AS (SELECT openid, COUNT(*) AS shares FROM engagements
                   WHERE event IN ('share', 'forward') GROUP BY 1),
             o AS (SELECT from_openid, openid, COUNT(*) AS opens FROM engagements
                   WHERE event = 'open' GROUP BY 1, 2)
        SELECT SUM(opens), SUM(shares * probability)
        FROM true_ties AS t
        JOIN s ON s.openid = t.influencer
        LEFT JOIN o ON o.from_openid = t.influencer AND o.openid = t.influenced
        """
    ).fetchone() or (0, 1)
    assert 0.9 <= opened / expected <= 1.02


def test_nobody_opens_through_a_stranger_but_in_a_farm(ask: duckdb.DuckDBPyConnection) -> None:
    strangers = """
        SELECT COUNT(*) FROM engagements AS e
        LEFT JOIN true_ties AS t ON t.influencer = e.from_openid AND t.influenced = e.openid
        LEFT JOIN true_farms AS f ON f.fan = e.openid AND f.kind = 'farm'
        WHERE e.event = 'open' AND t.influencer IS NULL AND f.fan IS NULL
    """
    assert one(ask, strangers) == 0
    assert one(ask, "SELECT COUNT(*) FROM true_farms WHERE kind = 'farm'") >= 25
    assert one(ask, "SELECT COUNT(*) FROM true_farms WHERE kind = 'bot'") >= 10


def test_neighbours_are_alike_so_likeness_can_be_mistaken_for_influence(
    ask: duckdb.DuckDBPyConnection,
) -> None:
    alike = one(
        ask,
        """
        SELECT AVG(CASE WHEN a.taste = b.taste THEN 1.0 ELSE 0.0 END) FROM true_ties AS t
        JOIN true_people AS a ON a.fan = t.influencer
        JOIN true_people AS b ON b.fan = t.influenced
        """,
    )
    assert alike > 0.2


def test_some_nicknames_are_hostile_and_some_consents_taken_back(ask: duckdb.DuckDBPyConnection) -> None:
    names = {name for (name,) in ask.execute("SELECT DISTINCT nickname FROM fans").fetchall()}
    assert len(names & set(HOSTILE)) >= len(HOSTILE) - 2
    assert 0.04 <= one(ask, "SELECT AVG((state = 'withdrawn')::INT) FROM consents") <= 0.06
    assert one(ask, "SELECT COUNT(*) FROM engagements WHERE event = 'unfollow'") > FANS * 0.03


def received(result: Written, fans: int, messages: int) -> pa.Table:
    people = pq.read_table(result.truth / "effects.parquet").slice(0, fans)
    tables = [
        pa.table(
            {
                "platform": people["platform"],
                "account": people["account"],
                "fan": people["fan"],
                "campaign": ["spring"] * len(people),
                "message": [f"{number}-{place}" for place in range(len(people))],
                "sent_at": [END + timedelta(hours=6 + number)] * len(people),
            }
        )
        for number in range(messages)
    ]
    return pa.concat_tables(tables)


def test_messages_work_as_the_truth_says_and_tire(written: Written, tmp_path: Path) -> None:
    result = respond(World(FANS, 7, END), received(written, 8_000, 3), END + timedelta(days=7), tmp_path)
    with duckdb.connect() as connection:
        connection.read_parquet(str(result.truth / "responses.parquet")).create_view("r")
        for act in ("engage", "order", "unfollow"):
            done = {"engage": "engaged", "order": "ordered", "unfollow": "unfollowed"}[act]
            expected = one(connection, f"SELECT SUM({act}_chance) FROM r")
            happened = one(connection, f"SELECT SUM({done}::INT) FROM r")
            assert abs(happened - expected) < 5 * expected**0.5
        tired = connection.execute(
            "SELECT SUM(engage_chance) FROM r GROUP BY before ORDER BY before"
        ).fetchall()
        assert tired[0] > tired[1] > tired[2]
    for source in result.imports:
        for path in source.files:
            assert all(block.rejected == [] for block in read(path, read_mapping(source.mapping)))


def test_asking_for_longer_repeats_the_same_rows_and_people_without_messages_live_on(
    written: Written, tmp_path: Path
) -> None:
    world, mail = World(FANS, 7, END), received(written, 2_000, 1)
    short, long = (respond(world, mail, END + timedelta(days=days), tmp_path / str(days)) for days in (2, 4))
    for name in ("engagements-00000.parquet", "orders.parquet"):
        first, later = (pq.read_table(result.folder / name).to_pylist() for result in (short, long))
        key = next(iter(first[0]))
        known = {row[key]: row for row in later}
        assert len(known) == len(later)
        assert all(known.get(row[key]) == row for row in first)
    history = pq.read_table(written.folder / "engagements-00000.parquet")["event_id"].to_pylist()
    rows = pq.read_table(long.folder / "engagements-00000.parquet").to_pylist()
    assert not set(history) & {row["event_id"] for row in rows}
    reached = set(mail["fan"].to_pylist())
    assert sum(row["openid"] not in reached for row in rows) > FANS * 0.1


def test_a_world_of_nobody_and_a_table_without_messages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="world_wrong"):
        World(0, 1, END)
    with pytest.raises(Refused, match="time_without_zone"):
        World(1, 1, datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(Refused, match="column_missing"):
        respond(World(10, 1, END), pa.table({"fan": ["a"]}), END, tmp_path)


@pytest.mark.parametrize("fans", [1, 2, 127, 129])
def test_small_worlds_are_worlds_too(fans: int, tmp_path: Path) -> None:
    result = write(World(fans, 3, END, days=3), tmp_path)
    assert next(one.rows for one in result.imports if one.source == "fans") == fans
