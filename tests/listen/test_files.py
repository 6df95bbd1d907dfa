"""Files are read exactly, counted once, and never ended by a bad row."""

import gzip
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.listen.imports.files import Block, count_rows, read
from guanxi.listen.imports.keys import Occurrences
from guanxi.listen.imports.mapping import Mapping, parse_mapping, read_mapping
from guanxi.vocabulary.activity import ACTIVITY_SCHEMA
from guanxi.vocabulary.reasons import Refused

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GUANXI_SHARED_DATA", ROOT.parent / "shared" / "data"))
HIGGS = SHARED / "higgs" / "higgs-activity_time.txt.gz"
CDNOW = SHARED / "cdnow" / "CDNOW_master.txt"
real_data = pytest.mark.skipif(
    not (HIGGS.exists() and CDNOW.exists()), reason="no real data here: name its folder in GUANXI_SHARED_DATA"
)

HEAD = 'source = "s"\nplatform = "weibo"\naccount = "brand"\n'
CLICKS = """
[activity]
kind = "clicked"
actor = "who"
content = "what"
time = { column = "seen", format = "iso", zone = "Asia/Shanghai" }
"""


def mapping(layout: str, activity: str = CLICKS) -> Mapping:
    return parse_mapping(HEAD + layout + activity)


def whole(path: Path, by: Mapping, rows: int = 50_000) -> Block:
    blocks = list(read(path, by, rows))
    return Block(
        pa.concat_tables([ACTIVITY_SCHEMA.empty_table(), *(block.activities for block in blocks)]),
        [one for block in blocks for one in block.rejected],
        sum(block.rows for block in blocks),
    )


def written(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def actors(block: Block) -> list[str]:
    return block.activities["actor"].to_pylist()


@real_data
def test_the_higgs_log_is_read_to_the_last_row() -> None:
    by = read_mapping(ROOT / "examples/mappings/higgs.toml")
    block = whole(HIGGS, by)
    kinds = {one["values"]: one["counts"] for one in pc.value_counts(block.activities["kind"]).to_pylist()}
    assert kinds == {"reshared": 354_930, "mentioned": 171_237, "replied": 36_902}
    assert (block.rows, block.rejected, count_rows(HIGGS, by)) == (563_069, [], 563_069)
    assert len(block.activities["key"].unique()) == 563_069
    first = block.activities.slice(0, 1).to_pylist()[0]
    assert (first["actor"], first["through"]) == ("223789", "213163")
    assert first["happened_at"] == datetime(2012, 7, 1, 0, 2, 52, tzinfo=UTC)


@real_data
def test_every_cdnow_order_counts_though_many_rows_are_alike() -> None:
    block = whole(CDNOW, read_mapping(ROOT / "examples/mappings/cdnow.toml"))
    assert (block.rows, block.rejected) == (69_659, [])
    assert len(block.activities["key"].unique()) == 69_659
    assert pc.sum(block.activities["amount"]).as_py() == 2_500_315_63
    assert pc.sum(block.activities["quantity"]).as_py() == 167_881
    assert len(block.activities["actor"].unique()) == 23_570
    assert block.activities["happened_at"][0].as_py() == datetime(1997, 1, 1, 5, tzinfo=UTC)


def test_the_same_file_twice_has_the_same_keys_and_an_overlapping_export_adds_only_what_is_new(
    tmp_path: Path,
) -> None:
    by = mapping('format = "csv"')
    head, one, two = "who,what,seen\n", "ann,a,2026-01-01T00:00:00\n", "bob,b,2026-01-01T00:00:00\n"
    first = whole(written(tmp_path, head + one + one + two), by).activities["key"].to_pylist()
    again = whole(written(tmp_path, head + one + one + two), by, 1).activities["key"].to_pylist()
    later = whole(written(tmp_path, head + one + two + one + one), by).activities["key"].to_pylist()
    assert first == again
    assert len(set(first)) == 3
    assert len(set(later) - set(first)) == 1


def test_an_id_counts_a_row_once_however_it_is_written(tmp_path: Path) -> None:
    by = mapping('format = "csv"\nid = "number"')
    text = "number,who,what,seen\n1,ann,a,2026-01-01\n1,ann,changed,2026-01-01\n,bob,b,2026-01-01\n"
    block = whole(written(tmp_path, text), by)
    keys = block.activities["key"].to_pylist()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert [(one.line, one.reason) for one in block.rejected] == [(4, "id_missing")]


BAD_ROWS = [
    b"who,seen,paid,money,pieces",
    b"ann,01.03.2026 10:00,12.50,CNY,2",
    b"ann,31.02.2026 10:00,12.50,CNY,2",
    b",01.03.2026 10:00,12.50,CNY,2",
    b"",
    b"ann,01.03.2026 10:00,twelve,CNY,2",
    b"ann,01.03.2026 10:00,12.50,gold,2",
    b"ann,01.03.2026 10:00,,CNY,2",
    b"ann,01.03.2026 10:00,12.50,CNY,many",
    b"ann,01.03.2026 10:00,12.50",
    b"an\xff,01.03.2026 10:00,12.50,CNY,2",
    b"bob,01.03.2026 10:00,1200,JPY,",
]
FAULTS = [
    (3, "time_unreadable"),
    (4, "actor_missing"),
    (6, "amount_unreadable"),
    (7, "currency_unreadable"),
    (8, "amount_missing"),
    (9, "quantity_unreadable"),
    (10, "columns_mismatch"),
    (11, "text_unreadable"),
]


def test_rows_that_cannot_be_read_are_set_aside_with_line_and_reason(tmp_path: Path) -> None:
    by = parse_mapping(
        HEAD.replace("weibo", "shop")
        + """format = "csv"
        [activity]
        kind = "ordered"
        actor = "who"
        time = { column = "seen", format = "%d.%m.%Y %H:%M", zone = "Europe/Berlin" }
        amount = { column = "paid", currency = { column = "money" } }
        quantity = "pieces"
        """
    )
    for end in (b"\n", b"\r\n", b"\r"):
        block = whole(written(tmp_path, end.join(BAD_ROWS)), by)
        assert [(one.line, one.reason) for one in block.rejected] == FAULTS
        assert actors(block) == ["ann", "bob"]
        assert block.activities["amount"].to_pylist() == [1250, 1200]
        assert block.activities["quantity"].to_pylist() == [2, None]
        assert block.activities["happened_at"][0].as_py() == datetime(2026, 3, 1, 9, tzinfo=UTC)
        assert block.rows == 10
    assert block.rejected[-1].raw.startswith("an�,01.03")


def test_a_row_whose_second_activity_is_bad_is_set_aside_whole(tmp_path: Path) -> None:
    by = mapping(
        'format = "csv"',
        """
        [[activity]]
        kind = "recorded"
        actor = "who"
        time = { column = "seen", format = "iso", zone = "UTC" }
        traits = { phone = "phone", facts = { city = "town" } }
        [[activity]]
        kind = "ordered"
        actor = "who"
        time = { column = "seen", format = "iso", zone = "UTC" }
        amount = { column = "fen", currency = "CNY", unit = "smallest" }
        when = { column = "fen" }
        """,
    )
    rows = "who,seen,phone,town,fen\nann,2026-01-01,138,上海,100\nbob,2026-01-01,,,x\ncyd,2026-01-01,,,\n"
    block = whole(written(tmp_path, rows), by)
    assert sorted(actors(block)) == ["ann", "ann", "cyd"]
    assert [(one.line, one.reason) for one in block.rejected] == [(3, "amount_unreadable")]
    traits = [json.loads(text) for text in block.activities["traits"].to_pylist() if text]
    assert traits == [{"phone": "138", "facts": {"city": "上海"}}]
    assert len(block.activities["key"].unique()) == 3


def test_traits_have_the_types_their_names_promise(tmp_path: Path) -> None:
    by = mapping(
        'format = "jsonl"',
        """
        [activity]
        kind = "published"
        content = "post.id"
        time = { column = "at", format = "unix_ms" }
        traits = { title = "post.title", topics = "tags", promotes_product = "ad", confidence = "sure" }
        """,
    )
    rows = [
        {"post": {"id": 7, "title": '=1+1 "<b>"'}, "at": 1_700_000_000_123, "tags": "tea;; art", "ad": True},
        {"post": {"id": "8"}, "at": "1700000000123", "sure": 7.5},
        [1],
    ]
    text = "\n".join([*(json.dumps(row) for row in rows), "{"])
    block = whole(written(tmp_path, text, "posts.jsonl"), by)
    assert [json.loads(text) for text in block.activities["traits"].to_pylist()] == [
        {"title": '=1+1 "<b>"', "topics": ["tea", "art"], "promotes_product": True},
        {"confidence": 1.0},
    ]
    assert block.activities["content"].to_pylist() == ["7", "8"]
    assert block.activities["happened_at"][0].as_py().microsecond == 123_000
    assert [(one.line, one.reason) for one in block.rejected] == [
        (3, "json_unreadable"),
        (4, "json_unreadable"),
    ]


@pytest.mark.parametrize("packed", ["plain", "gzip", "zstd"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_same_rows_come_out_however_they_are_packed_and_encoded(
    tmp_path: Path, packed: str, encoding: str
) -> None:
    octets = "who,what,seen\n小明,茶,2026-01-01 08:00\n".encode(encoding)
    path = tmp_path / {"plain": "e.csv", "gzip": "e.csv.gz", "zstd": "e.csv.zst"}[packed]
    if packed == "zstd":
        with pa.output_stream(str(path), compression="zstd") as stream:
            stream.write(octets)
    else:
        path.write_bytes(gzip.compress(octets) if packed == "gzip" else octets)
    layout = f'format = "csv"\nencoding = "{encoding.removesuffix("-sig")}"'
    plain = whole(
        written(tmp_path, "who,what,seen\n小明,茶,2026-01-01 08:00\n", "p.csv"), mapping('format = "csv"')
    )
    block = whole(path, mapping(layout))
    assert block.activities.equals(plain.activities)
    assert actors(block) == ["小明"]
    assert block.activities["happened_at"][0].as_py() == datetime(2026, 1, 1, 0, tzinfo=UTC)


def test_quotes_may_hold_separators_and_line_ends_and_a_stray_one_costs_its_own_row_only(
    tmp_path: Path,
) -> None:
    good = "".join(f'u{n},"a, ""b""\n{n}",2026-01-01\n' for n in range(50))
    block = whole(written(tmp_path, "who,what,seen\n" + good), mapping('format = "csv"'))
    assert (len(block.activities), block.rejected) == (50, [])
    assert block.activities["content"][7].as_py() == 'a, "b"\n7'
    stray = 'who,what,seen\nann,"a,2026-01-01\n' + "".join(f"u{n},b,2026-01-01\n" for n in range(50))
    block = whole(written(tmp_path, stray), mapping('format = "csv"'))
    assert len(block.activities) == 50
    assert [(one.line, one.reason) for one in block.rejected] == [(2, "columns_mismatch")]


def test_a_parquet_export_keeps_its_types(tmp_path: Path) -> None:
    zoned = pa.array([datetime(2026, 1, 1, 8, tzinfo=UTC), None]).cast(pa.timestamp("ms"))
    table = pa.table({"who": pa.array([5, 6]), "what": ["a", "b"], "seen": zoned, "spare": [[1], []]})
    pq.write_table(table, tmp_path / "e.parquet")
    block = whole(tmp_path / "e.parquet", mapping('format = "parquet"'))
    assert actors(block) == ["5"]
    assert block.activities["happened_at"][0].as_py() == datetime(2026, 1, 1, 0, tzinfo=UTC)
    assert [(one.line, one.reason) for one in block.rejected] == [(2, "time_unreadable")]
    assert json.loads(block.rejected[0].raw)["who"] == 6
    aware = table.set_column(2, "seen", pc.assume_timezone(zoned, "UTC"))
    pq.write_table(aware, tmp_path / "f.parquet")
    moment = whole(tmp_path / "f.parquet", mapping('format = "parquet"')).activities["happened_at"][0]
    assert moment.as_py() == datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:00+08:00", datetime(2026, 7, 1, 4, tzinfo=UTC)),
        ("2026-07-01 12:00:00.5", datetime(2026, 7, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-10-25 02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-03-29 02:30:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("20260701", datetime(2026, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_iso_times_are_read_in_the_stated_zone_unless_they_carry_one(
    tmp_path: Path, text: str, moment: datetime
) -> None:
    by = mapping('format = "csv"', CLICKS.replace("Asia/Shanghai", "Europe/Berlin"))
    rows = f"who,what,seen\nann,a,{text}\nbob,b,never\n"
    block = whole(written(tmp_path, rows), by)
    assert block.activities["happened_at"].to_pylist() == [moment]
    carried = mapping('format = "csv"', CLICKS.replace("Asia/Shanghai", "carried"))
    block = whole(written(tmp_path, rows), carried)
    expected = 1 if text.endswith(("Z", "+08:00")) else 0
    assert len(block.activities) == expected


def test_what_is_no_such_file_or_lacks_a_column_is_refused(tmp_path: Path) -> None:
    by = mapping('format = "csv"')
    for path, code in (
        (tmp_path / "nowhere.csv", "file_unreadable"),
        (written(tmp_path, gzip.compress(b"who,what,seen\n" * 99)[:-9], "cut.csv.gz"), "file_unreadable"),
        (written(tmp_path, "who,seen\nann,2026-01-01\n", "thin.csv"), "column_missing"),
        (written(tmp_path, "who,who,what,seen\n", "twice.csv"), "column_repeated"),
        (written(tmp_path, "", "empty.csv"), None),
    ):
        if code is None:
            assert whole(path, by).rows == 0
            continue
        with pytest.raises(Refused, match=code):
            whole(path, by)
    with pytest.raises(Refused, match="file_unreadable"):
        whole(written(tmp_path, "PAR?", "no.parquet"), mapping('format = "parquet"'))


@given(st.lists(st.sampled_from("abcde"), max_size=60), st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_occurrences_number_equal_rows_in_order(rows: list[str], block: int) -> None:
    occurrences = Occurrences(1)
    pieces = [rows[start : start + block] for start in range(0, len(rows), block)]
    for piece in pieces:
        occurrences.note(piece)
    numbers = [number for piece in pieces for number in occurrences.number(piece)]
    assert numbers == [rows[:place].count(row) for place, row in enumerate(rows)]


@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl"]))
@settings(max_examples=50, deadline=None)
def test_no_bytes_end_a_file_before_its_end(
    tmp_path_factory: pytest.TempPathFactory, octets: bytes, form: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "any"
    separator = b"\t" if form == "tsv" else b","
    head = b"" if form == "jsonl" else separator.join([b"who", b"what", b"seen"]) + b"\n"
    path.write_bytes(head + octets + b"\n" + separator.join([b"ann", b"a", b"2026-01-01"]))
    block = whole(path, mapping(f'format = "{form}"'))
    assert block.rows == len(block.activities) + len(block.rejected)


def test_a_large_export_is_read_fast_enough(tmp_path: Path) -> None:
    rows = 100_000
    table = pa.table(
        {
            "who": pa.array([f"fan-{n % 9973}" for n in range(rows)]),
            "what": pa.array([f"post-{n % 97}" for n in range(rows)]),
            "seen": pa.array([1_700_000_000 + n for n in range(rows)]),
            "number": pa.array(range(rows)),
        }
    )
    pq.write_table(table, tmp_path / "e.parquet")
    activity = CLICKS.replace('"iso", zone = "Asia/Shanghai"', '"unix"')
    by = mapping('format = "parquet"\nid = "number"', activity)
    began = time.perf_counter()
    assert len(whole(tmp_path / "e.parquet", by).activities) == rows
    assert time.perf_counter() - began < 3
