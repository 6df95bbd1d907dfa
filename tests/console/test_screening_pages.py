"""Screening on pages: the mark with its signs, who may say otherwise, and that it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.influence import tables as influence
from guanxi.influence.screening.queries import cleared_fans
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social import tables as social
from guanxi.vocabulary.ids import Side

Visit = Callable[..., Client]
SIGNS = {"en": "did nothing else", "zh-hans": "没有做过别的"}


def _laid(table: LakeTable, rows: list[dict[str, object]]) -> None:
    full = [{f.name: row.get(f.name) for f in table.schema} for row in rows]
    with transaction(SOCIAL) as connection:
        Lake(Side.SOCIAL).append(connection, table, pa.Table.from_pylist(full, table.schema))


@pytest.fixture
def suspect(house: object, now: datetime) -> int:
    """Fan 1 is screened, fan 2 is not."""
    with transaction(SOCIAL) as connection:
        connection.execute("INSERT INTO account (platform, name) VALUES ('echo', 'a')")
        for fan in (1, 2):
            connection.execute(
                "INSERT INTO fan (id, account_id, key, external_id, name) SELECT %s, id, %s, %s, %s FROM account",
                (fan, fan.to_bytes(16), f"f{fan}", f"Fan {fan}"),
            )
    _laid(social.FAN, [{"fan": f, "account": 1, "platform": "echo"} for f in (1, 2)])
    weight = {"platform": "echo", "band": "participant", "engagements": 1.0}
    none = {"weight": 0.0, "direct": 0, "second": 0, "engagements_low": 0.0, "engagements_high": 2.0}
    some = {**none, "weight": 1.5, "direct": 2}
    _laid(influence.WEIGHT, [{**weight, **none, "fan": 1}, {**weight, **some, "fan": 2}])
    signs = {"people": 24, "mutual": 24, "idle": 23, "timed": 130, "soon": 129, "signs": "mutual|soon|idle"}
    _laid(influence.SCREENED, [{"fan": 1, **signs}])
    return 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_mark_and_its_evidence_are_shown(visitor: Visit, suspect: int, language: str) -> None:
    listed = visitor("agency", language).get(reverse("weights")).text
    assert SIGNS[language] in listed
    assert listed.index("Fan 2" if "Fan 2" in listed else "/2/") < listed.index(SIGNS[language])
    card = visitor("marketer", language).get(reverse("fan", args=[suspect])).text
    for part in (SIGNS[language], "129", "130", reverse("clear_screening", args=[suspect])):
        assert part in card
    assert reverse("clear_screening", args=[suspect]) not in visitor("agency", language).get(
        reverse("fan", args=[suspect])
    ).text  # fmt: skip
    assert SIGNS[language] not in visitor("marketer", language).get(reverse("fan", args=[2])).text


def test_the_column_of_signs_takes_room_only_where_somebody_shows_one(visitor: Visit, suspect: int) -> None:
    client, head = visitor("marketer"), '<th scope="col" class="of-social">Looks like a share farm</th>'
    assert head in client.get(reverse("weights")).text
    without = client.get(reverse("weights"), {"screening": "trusted"}).text
    assert "Fan 2" in without
    assert head not in without


def test_a_marketer_clears_a_fan_with_a_reason_and_takes_it_back(visitor: Visit, suspect: int) -> None:
    clear, back = (reverse(f"{deed}_screening", args=[suspect]) for deed in ("clear", "withdraw"))
    marketer = visitor("marketer")
    assert visitor(None).post(clear, {"reason": "x"}).status_code == 302
    assert visitor("agency").post(clear, {"reason": "x"}).status_code == 403
    assert marketer.post(clear, {"reason": " "}).status_code == 400
    assert cleared_fans() == []
    shown = marketer.post(clear, {"reason": "<i>our club</i>"}, follow=True).text
    assert cleared_fans() == [suspect]
    assert "&lt;i&gt;our club&lt;/i&gt;" in shown
    assert back in shown
    marketer.post(back)
    assert cleared_fans() == []


def test_the_screened_come_last_among_the_best_and_are_not_among_those_to_thank(
    visitor: Visit, suspect: int
) -> None:
    month = {"month": date(2026, 11, 1), "daily": 0}
    _laid(social.SCORE, [{**month, "fan": 1, "campaign": 9000}, {**month, "fan": 2, "campaign": 100}])
    marketer, page = visitor("marketer"), reverse("fans")
    first, second = marketer.get(page).text, marketer.get(page, {"sort": "campaign"}).text
    for listed in (first, second):
        assert listed.index("Fan 2") < listed.index("Fan 1")
        assert SIGNS["en"] in listed
        assert "?screening=screened" in listed
    assert "Fan 1" in marketer.get(page, {"q": "Fan 1"}).text
    thanked = marketer.get("/").text
    assert "Fan 2" in thanked
    assert "Fan 1" not in thanked


def test_the_mark_stands_beside_the_name(visitor: Visit, suspect: int) -> None:
    def heading(fan: int) -> str:
        page = visitor("marketer").get(reverse("fan", args=[fan])).text
        return page[page.index("<h1") : page.index("</h1>")]

    assert "looks like a share farm" in heading(suspect)
    assert "looks like a share farm" not in heading(2)
