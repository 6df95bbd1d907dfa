"""Every analytic question keeps to constructs that mean the same in DuckDB and on Spark."""

from pathlib import Path

import pytest
import questions
import sqlglot
import tree
from sqlglot import exp

each_question = pytest.mark.parametrize("path", questions.FILES, ids=tree.short)


@each_question
def test_a_question_says_first_what_it_answers_and_its_sides(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines[:8] if line.startswith("--")]
    assert lines[0].startswith("-- ")
    assert any("Side" in line for line in header), "the header names the sides it reads"


@each_question
def test_a_question_is_one_statement(path: Path) -> None:
    assert len(questions.statements(path)) == 1


@each_question
def test_a_question_says_only_what_spark_understands_alike(path: Path) -> None:
    assert questions.not_portable(path) == set()


@each_question
def test_a_question_gives_the_same_answer_each_time(path: Path) -> None:
    assert list(questions.disorderly(path)) == []


@each_question
def test_a_question_is_carried_to_spark_and_reads_as_the_same_shape(path: Path) -> None:
    for ours, carried in zip(questions.statements(path), questions.on_spark(path), strict=True):
        read = sqlglot.parse_one(carried, read="spark")
        assert _tables(read) == _tables(ours)
        assert read.named_selects == ours.named_selects


def _tables(question: exp.Expression) -> list[str]:
    return sorted(f"{table.db}.{table.name}" for table in question.find_all(exp.Table))


def test_what_answers_differently_on_spark_is_refused(tmp_path: Path) -> None:
    wrong = {
        "asof": "SELECT a.x FROM a ASOF JOIN b ON a.t >= b.t",
        "list": "SELECT list(x) FROM a",
        "slice": "SELECT x[1:2] FROM a",
        "hash": "SELECT hash(x) FROM a",
        "arg": "SELECT arg_max(x, y, 3) FROM a",
        "qualify": "SELECT x FROM a QUALIFY row_number() OVER (ORDER BY x) = 1",
    }
    for name, text in wrong.items():
        path = tmp_path / f"{name}.sql"
        path.write_text(text)
        assert questions.not_portable(path), name


def test_rows_in_no_order_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "first.sql"
    path.write_text("SELECT DISTINCT ON (x) x, row_number() OVER (PARTITION BY x) FROM a LIMIT 3")
    assert len(list(questions.disorderly(path))) == 3
