"""The mappings we ship for exports of platforms that cannot be heard: each reads its small example file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guanxi.composition.consumers import hear
from guanxi.lake.engine import Engine
from guanxi.listen.imports.importing import import_file
from guanxi.listen.imports.mapping import read_mapping
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation

EXPORTS = Path(__file__).parent / "exports"
MAPPINGS = Path(__file__).parents[2] / "examples" / "mappings"
# Accepted and unreadable rows of each example.
COUNTED = {
    "weibo-fans": (4, 0),
    "weibo-interactions": (3, 1),
    "facebook-comments": (6, 0),
    "pinterest-pins": (1, 0),
    "kakao-friends": (8, 0),
    "group-members": (2, 0),
}


def imported(*names: str) -> list[tuple[int, int]]:
    receipts = [
        import_file(EXPORTS / f"{name}.csv", read_mapping(MAPPINGS / f"{name}.toml")) for name in names
    ]
    hear()
    return [(receipt.accepted, receipt.quarantined) for receipt in receipts]


def asked(question: str, alias: str = SOCIAL) -> list[tuple[Any, ...]]:
    return raw(alias).execute(question).fetchall()


@pytest.mark.parametrize("name", sorted(COUNTED))
def test_an_example_is_read_whole_and_once(house: Installation, name: str) -> None:
    assert imported(name) == [COUNTED[name]]
    assert imported(name)[0][0] == 0


def test_every_mapping_that_is_shipped_can_be_read() -> None:
    for path in sorted(MAPPINGS.glob("*.toml")):
        assert read_mapping(path).activities


def test_a_repost_and_a_reply_came_through_whom_they_name(house: Installation) -> None:
    imported("weibo-interactions", "facebook-comments")
    with Engine(memory="500MB") as engine:
        moved = engine.ask(
            "SELECT kind, fan, through FROM social.engagement WHERE through IS NOT NULL ORDER BY kind"
        ).to_pylist()
    names = dict(asked("SELECT id, external_id FROM fan"))
    assert [(row["kind"], names[row["fan"]], names[row["through"]]) for row in moved] == [
        ("replied", "501", "500"),
        ("reshared", "1002", "1001"),
    ]


def test_kakaos_consents_and_blocks_reach_the_leash(house: Installation) -> None:
    imported("kakao-friends")
    state = asked("SELECT granted, purpose, channel FROM consent_state ORDER BY identity", RELATIONSHIP)
    assert state == [(True, "sell", "kakao"), (False, "sell", "kakao")]
    assert asked("SELECT follows FROM following ORDER BY identity", RELATIONSHIP) == [(False,), (True,)]


def test_an_imported_list_makes_a_group_with_its_name_and_members(house: Installation) -> None:
    imported("group-members")
    assert asked("SELECT name FROM chat_group") == [("上海跑步群",)]
    assert asked("SELECT count(*) FROM group_member WHERE joined_at IS NOT NULL") == [(2,)]


def test_a_pin_is_content_with_its_boards_as_topics(house: Installation) -> None:
    imported("pinterest-pins")
    assert asked("SELECT title, kind, topics FROM content") == [
        ("Green tea at home", "pin", ["tea", "recipes"])
    ]
