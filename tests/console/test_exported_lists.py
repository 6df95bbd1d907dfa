"""Lists in files: a row's reasons can be told apart, and a particular of a row does not change its code."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pyarrow as pa
import pytest
from django.test import RequestFactory

from guanxi.console.cells import Why, cell
from guanxi.console.columns import Column
from guanxi.console.exports import as_file
from guanxi.console.tables import Table
from guanxi.console.wish import Wish

COLUMNS = (Column("said", "Why", "said"), Column("reasons", "Reasons", "reasons"))


@dataclass(frozen=True)
class Row:
    said: tuple[str, ...] = ("moves 12 people", "=lives, far away")
    reasons: tuple[Why | str, ...] = (Why("not_open", "opens tomorrow"), "quiet_hours")


def exported(form: str) -> bytes:
    table = Table(COLUMNS, COLUMNS, (Row(),), 1, Wish(export=form), RequestFactory().get("/"))
    return bytes(as_file(table, "people").content)


def test_sentences_stand_apart_and_codes_stay_codes_in_both_formats() -> None:
    rows = list(csv.reader(io.StringIO(exported("csv").decode("utf-8-sig"))))
    expected = ["moves 12 people; =lives, far away", "not_open quiet_hours"]
    assert rows == [["said", "reasons"], expected]
    arrow = pa.ipc.open_file(exported("arrow")).read_all().to_pylist()
    assert arrow == [dict(zip(("said", "reasons"), expected, strict=True))]


@pytest.mark.parametrize(("place", "texts"), [(0, Row().said), (1, ("(opens tomorrow)", "quiet hours"))])
def test_a_page_shows_each_of_them_as_a_chip(place: int, texts: tuple[str, ...]) -> None:
    chips = cell(COLUMNS[place], Row(), "CNY").chips
    assert [text in chip.text for text, chip in zip(texts, chips, strict=True)] == [True, True]
