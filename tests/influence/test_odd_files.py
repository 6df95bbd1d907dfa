"""Whatever file is given to `guanxi influence`: a rule that is stated, or one clear line, and never a wrong answer."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.cli.main import run
from guanxi.influence.edges import read_edges, read_log
from guanxi.vocabulary.reasons import Refused

TIES = "influencer,influenced,probability\n1,2,0.5\n1,3,0.25\n3,2,1\n"
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "influence-alone.md"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs `guanxi influence`; its exit code, what it printed, and what it complained of."""

    def said(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["guanxi", "influence", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            run()
            sys.exit(0)
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return said


def _file(tmp_path: Path, text: str | bytes, name: str = "ties.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "influencer,influenced,probability\n1,2,nan\n1,3,.2\n",
            "from 0 to 1, which this is not: nan in row 0",
        ),
        ("influencer,influenced,probability\n1,2,\n1,3,.2\n", "from 0 to 1, which this is not: nan in row 0"),
        (
            "influencer,influenced,probability\n1,2,.1\n1,3,1.2\n",
            "from 0 to 1, which this is not: 1.2 in row 1",
        ),
        (
            "influencer,influenced,probability\n1,2,-.3\n1,3,.2\n",
            "from 0 to 1, which this is not: -0.3 in row 0",
        ),
        ("influencer,influenced,probability\n1,2,high\n", "A number cannot be read"),
        ("influencer,influenced,probability\n1,2,.1\n,3,.2\n", "An id is missing: row 1"),
        ("influencer,influenced,probability\nann,bo,.1\n,cid,.2\n", "An id is missing: row 1"),
        ("influencer,influenced,probability\n1.5,2,.1\n", "An id is a whole number or text"),
        ("influencer,influenced,influenced\n1,2,.1\n", "Two columns of the file are called influenced"),
        (
            "influencer,influenced,chance\n1,2,.1\n",
            "lacks the column probability (it has influencer, influenced, chance)",
        ),
        ("1,2,.1\n", "no names, only numbers from 1 to 3"),
        ("influencer,influenced\n1,2,3,4\n", "The file cannot be read"),
        ("influencer,influenced,probability\nmüller,2,.1\n".encode("latin-1"), "this is no UTF-8 text"),
        ("influencer,influenced,probability\n王芳,2,.1\n".encode("gbk"), "this is no UTF-8 text"),
        (gzip.compress(TIES.encode() * 99, mtime=0)[:-9], "The file cannot be read: ties.csv: Truncated"),
        ("influencer,influenced,probability\n", "There is no tie"),
        ("", "There is no tie"),
        (TIES.encode("utf-16"), "this is no UTF-8 text"),
    ],
)
def test_ties_that_cannot_be_right_are_refused_in_one_line(
    tmp_path: Path, say: Say, text: str | bytes, reason: str
) -> None:
    code, out, complaint = say("seeds", _file(tmp_path, text), "--probability", "probability")
    assert (code, out) == (1, "")
    assert reason in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("ties.parquet", TIES), ("ties.csv.gz", TIES), ("nothing-there.csv", None)],
)
def test_a_file_that_is_not_what_it_is_called_is_refused(
    tmp_path: Path, say: Say, name: str, text: str | None
) -> None:
    path = tmp_path / name if text is None else _file(tmp_path, text, name)
    code, _, complaint = say("seeds", path)
    assert code == 1
    assert complaint.startswith("guanxi: The file cannot be read: ")


@pytest.mark.parametrize(
    ("costs", "reason"),
    [
        ("id,cost\n1,-2\n", "A cost is a number of 0 or more, not -2.0"),
        ("id,cost\n1,much\n", "A number cannot be read"),
        ("id\n1\n", "lacks the column 2"),
        ("id,cost\n1,2\n1,3\n", "An id is there twice"),
        ("id,cost\n1,90\n", "A budget of 5.0 buys nobody"),
    ],
)
def test_costs_that_cannot_be_right_are_refused_in_one_line(
    tmp_path: Path, say: Say, costs: str, reason: str
) -> None:
    prices = _file(tmp_path, costs, "costs.csv")
    code, _, complaint = say("seeds", _file(tmp_path, TIES), "--costs", prices, "--budget", "5")
    assert (code, reason in complaint) == (1, True)


def test_communities_may_be_named(tmp_path: Path, say: Say) -> None:
    groups = _file(tmp_path, "id,group\n1,red\n3,red\n2,blue\n", "groups.csv")
    _, out, _ = say(
        "seeds", _file(tmp_path, TIES), "--k", "3", "--groups", groups, "--group-max", "1", "--json"
    )
    chosen = json.loads(out)["seeds"]
    assert len({1, 3} & set(chosen)) == 1


def test_ids_are_people_as_they_are_written(tmp_path: Path) -> None:
    def people(text: str | bytes) -> set[object]:
        ids = read_edges(_file(tmp_path, text)).ids
        return {one for column in ids.columns for one in ids.decoded(column)}

    assert people("influencer,influenced\n001,7\n1,7\n") == {"001", "1", "7"}
    near = ("99999999999999999998", "99999999999999999999")
    assert people(f"influencer,influenced\n{near[0]},7\n{near[1]},7\n") == {*near, "7"}
    assert people("influencer,influenced\n1.0,2.0\n2.0,3.0\n") == {1, 2, 3}
    assert people("influencer, influenced\nann, bo\nbo, cid\n") == {"ann", "bo", "cid"}
    assert people('influencer,influenced\n"Li, Wei",王芳\n') == {"Li, Wei", "王芳"}
    assert people(b"\xef\xbb\xbf" + TIES.encode()) == {1, 2, 3}
    assert people(TIES.replace("\n", "\r\n")) == people(TIES.replace("\n", "\r")) == {1, 2, 3}
    assert people("influencer,influenced\n0x1F,31\n31,7\n") == {"0x1F", "31", "7"}
    assert people("influencer,influenced\n-01,7\n-1,7\n") == {"-01", "-1", "7"}
    assert people("influencer,influenced\n+861,7\n861,7\n") == {"+861", "861", "7"}
    assert people("influencer,influenced\n1e3,7\n1000,7\n") == {"1e3", "1000", "7"}
    assert people("influencer,influenced\nTrue,7\ntrue,7\n") == {"True", "true", "7"}
    assert people("influencer,influenced\n2026-01-01,10:30\n") == {"2026-01-01", "10:30"}
    assert people(" 1 2\n10  2\n 1\t3 \n") == {1, 2, 3, 10}
    assert people("ann,5\n7,bo\n") == {"ann", "5", "7", "bo"}
    assert people("# Directed graph\n# FromNodeId\tToNodeId\n0\t1\n") == {0, 1}


WORDS = st.one_of(
    st.text("0123456789", min_size=1, max_size=5),
    st.text("0123456789+-.eExX naNIf:T", min_size=1, max_size=7),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=6),
    st.sampled_from(
        ["NA", "nan", "null", "true", "True", "00", "1e5", "inf", "2026-01-01", "10:30", "#x", '"', "'"]
    ),
)
POINTED = re.compile(r"(-?[0-9]+)\.0*|-(0)")
IDS = WORDS.map(str.strip).filter(bool)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(IDS, IDS), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_any_id_comes_back_as_it_was_written_or_is_refused(
    tmp_path: Path, rows: list[tuple[str, str]], mark: str
) -> None:
    path = tmp_path / "ties.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=mark).writerows([("influencer", "influenced"), *rows])
    try:
        ids = read_edges(path).ids
    except Refused as refused:
        if refused.code in ("id_missing", "id_unfit"):
            return
        raise
    for column, written in zip(ids.columns, zip(*rows, strict=True), strict=True):
        whole = [POINTED.fullmatch(one) for one in written]
        for one, text, number in zip(ids.decoded(column), written, whole, strict=True):
            assert str(one) == text or (number and str(one) == str(int(number[1] or 0)))


def test_ties_are_read_however_they_are_packed_and_from_a_pipe(tmp_path: Path) -> None:
    packed = {"zstd": "ties", "bz2": "ties.bz2", "gzip": "ties.txt"}
    for how, name in packed.items():
        with pa.output_stream(str(tmp_path / name), compression=how) as file:
            file.write(TIES.encode())
        assert len(read_edges(tmp_path / name)) == 3
    twice = _file(tmp_path, gzip.compress(TIES.encode()) + gzip.compress(b"4,5,1\n"), "twice.gz")
    assert len(read_edges(twice)) == 4
    parquet = tmp_path / "ties.parquet"
    pq.write_table(pa.table({"influencer": [1, 1], "influenced": [2, 3]}), parquet)
    for content, ties in ((TIES.encode(), 3), (gzip.compress(TIES.encode()), 3), (parquet.read_bytes(), 2)):
        pipe = tmp_path / f"pipe{len(content)}"
        os.mkfifo(pipe)
        with ThreadPoolExecutor(1) as crew:
            crew.submit(pipe.write_bytes, content)
            assert len(read_edges(pipe)) == ties


def test_a_first_row_that_is_too_short_and_counts_nothing_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="its first row has fewer columns than the others"):
        read_edges(_file(tmp_path, "1 3\n1 3 .2\n3 2 .1\n"))


def test_one_column_is_never_two_things(tmp_path: Path, say: Say) -> None:
    path = _file(tmp_path, "source,target,time\n1,2,3\n1,3,4\n")
    for asked in (
        ("seeds", path, "--influencer", "target"),
        ("seeds", path, "--influencer", "2", "--influenced", "target"),
        ("backtest", path, "--time", "source"),
    ):
        code, out, complaint = say(*asked)
        assert (code, out) == (1, "")
        assert "One column cannot be two things" in complaint


def test_ids_that_look_like_markup_or_move_the_cursor_are_shown_as_they_are(tmp_path: Path, say: Say) -> None:
    path = _file(tmp_path, "influencer,influenced,time\n[/],[red]x[/red],1\n[/],b,2\n\x1b[31mc,d,3\n")
    for asked in (("seeds", path, "--k", "3"), ("learn", path)):
        code, out, complaint = say(*asked)
        assert (code, complaint) == (0, "")
        assert "[/]" in out
        assert "\\x1b[31mc" in out
        assert "\x1b[31mc" not in out


def test_choosing_is_timed_apart_from_reading_and_from_loading_kernels(tmp_path: Path, say: Say) -> None:
    costs = _file(tmp_path, "id,cost\n1,1\n3,1\n", "costs.csv")
    groups = _file(tmp_path, "id,group\n1,red\n3,red\n", "groups.csv")
    limits = ("--costs", costs, "--budget", "2", "--groups", groups, "--group-max", "1")
    for further in ((), ("--probability", "probability"), ("--probability", "probability", *limits)):
        for model in ("ic", "lt"):
            asked = ("seeds", _file(tmp_path, TIES), "--model", model, "--k", "2", *further, "--json")
            answer = json.loads(say(*asked)[1])
            assert 0 < answer["seconds"] < 0.5
            assert (answer["k"], answer["model"], answer["seed"]) == (2, model, 0)
            assert answer["probability"] == (further[1] if further else "wc")


def _log_of_another_brand(
    tmp_path: Path, times: Callable[[int], str] = "2026-01-{:02d}T10:00:00Z".format
) -> Path:
    rng = np.random.default_rng(5)
    rows = [
        f"s{rng.integers(8)},r{rng.integers(40)},{times(1 + i // 20)},{'repost' if i % 3 else 'reply'},p{i % 11}\n"
        for i in range(400)
    ]
    return _file(tmp_path, "分享者,阅读者,何时,方式,内容\n" + "".join(rows), "brand.csv")


NAMED = (
    "--influencer",
    "分享者",
    "--influenced",
    "阅读者",
    "--time",
    "何时",
    "--kind",
    "方式",
    "--only",
    "repost",
)


def test_a_log_with_columns_of_its_own_goes_through_learn_predict_and_backtest(
    tmp_path: Path, say: Say
) -> None:
    log, out = _log_of_another_brand(tmp_path), tmp_path / "ties.parquet"
    code, told, _ = say("learn", log, *NAMED, "--out", out, "--json")
    assert (code, json.loads(told)["rows"]) == (0, 266)
    assert set(pq.read_table(out)["influencer"].to_pylist()) <= {f"s{i}" for i in range(8)}
    code, told, _ = say("backtest", log, *NAMED, "--message", "内容", "--k", "3", "--json")
    assert code == 0
    assert len(json.loads(told)["chosen"]["learned_model"]) == 3
    assert say("predict", log, *NAMED)[0] == 0
    assert say("seeds", out, "--probability", "probability", "--k", "3")[0] == 0


@pytest.mark.parametrize(
    "times",
    [
        lambda day: f"2026-01-{day:02d}",
        lambda day: f"2026-01-{day:02d} 00:00:00",
        lambda day: f"2026-01-{day:02d}T08:00:00.250+08:00",
        lambda day: f"2026-01-{day:02d}T00:00:00" + ("Z" if day % 2 else ""),
        lambda day: str(1_767_225_600 + (day - 1) * 86_400),
    ],
)
def test_times_are_seconds_however_they_are_written(tmp_path: Path, times: Callable[[int], str]) -> None:
    log = read_log(_log_of_another_brand(tmp_path, times), "分享者", "阅读者", "何时")
    days = np.unique(np.round(log.time)) - 1_767_225_600
    assert days.tolist() == [86_400 * day for day in range(20)]


def test_times_of_parquet_are_seconds_whatever_their_unit(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    for unit, scale in (("s", 1), ("ms", 10**3), ("ns", 10**9)):
        when = pa.array([60 * scale, 120 * scale], pa.timestamp(unit, "Asia/Shanghai"))
        pq.write_table(pa.table({"influencer": ["a", "b"], "influenced": ["b", "c"], "time": when}), path)
        assert read_log(path).time.tolist() == [60.0, 120.0]


@pytest.mark.parametrize("time", ["soon", "", "01/02/2026", "inf"])
def test_what_is_no_time_is_refused_with_its_row(tmp_path: Path, time: str) -> None:
    path = _file(tmp_path, f"influencer,influenced,time\na,b,2026-01-01\nb,c,{time}\n")
    with pytest.raises(Refused, match=r"time_unreadable.*row 1"):
        read_log(path)


def test_options_that_mean_nothing_are_refused(tmp_path: Path, say: Say) -> None:
    log, ties = _log_of_another_brand(tmp_path), _file(tmp_path, TIES)
    for asked in (
        ("learn", log, *NAMED, "--out", tmp_path / "ties.txt"),
        ("learn", log, *NAMED, "--out", tmp_path / "no-folder" / "ties.csv"),
        ("learn", log, *NAMED, "--only", "like", "--kind", "nothing"),
        ("backtest", log, *NAMED, "--within", "nan"),
        ("backtest", log, *NAMED, "--split", "1"),
        ("seeds", ties, "--k", "0"),
        ("seeds", ties, "--epsilon", "0.9"),
        ("seeds", ties, "--robust", "3"),
        ("seeds", ties, "--seed", "-1"),
        ("backtest", log, *NAMED, "--seed", "-1"),
        ("predict", log, *NAMED, "--seed", "-1"),
        ("seeds", ties, "--epsilon", "nan"),
        ("backtest", log, *NAMED, "--split", "nan"),
        ("learn", log, *NAMED, "--half-life", "0"),
    ):
        code, out, complaint = say(*asked)
        assert (code, out) == (1, "")
        assert "whole story" not in complaint
    for asked in (("seeds", ties, "--threads", "0"), ("backtest", log, *NAMED, "--k", "0")):
        assert say(*asked)[0] == 2


def test_every_key_of_what_is_printed_as_json_is_documented(tmp_path: Path, say: Say) -> None:
    log, ties, page = _log_of_another_brand(tmp_path), _file(tmp_path, TIES), HOW_TO.read_text()
    for asked in (
        ("seeds", ties),
        ("learn", log, *NAMED),
        ("backtest", log, *NAMED),
        ("predict", log, *NAMED),
    ):
        answer = json.loads(say(*asked, "--json")[1])
        section = page.split(f"### `{asked[0]}`")[1].split("\n#")[0]
        assert [key for key in answer if f"`{key}`" not in section] == []
