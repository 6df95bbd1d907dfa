"""Two read one account's lists at once: each says how far it is, and the earlier never speaks for the later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from guanxi.listen.calling.actions import ask_reading, begin_reading, end_reading, note_step
from guanxi.listen.calling.queries import reading_of
from guanxi.listen.models import AccountReading
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation
from guanxi.records.register import Place

BRAND = Place("line", "brand")


@pytest.fixture
def later(house: Installation, now: datetime) -> datetime:
    """A reader began now, another a minute later, which reads the tags."""
    add_account(SYSTEM, *BRAND, "Asia/Tokyo", {"channel_secret": "s"})
    begin_reading(BRAND, now)
    later = now + timedelta(minutes=1)
    begin_reading(BRAND, later)
    note_step(BRAND, later, "tags")
    return later


def shown(now: datetime) -> tuple[str, dict[str, int]]:
    found = reading_of(SYSTEM, BRAND, now)
    assert found is not None
    return found.step, dict(found.counts)


def test_a_reader_that_ends_leaves_the_step_of_one_that_began_after_it(
    now: datetime, later: datetime
) -> None:
    note_step(BRAND, now, "groups")
    end_reading(BRAND, now, {"listed": 1}, [], "")
    assert shown(later) == ("tags", {})
    end_reading(BRAND, later, {"listed": 2}, [], "")
    assert shown(later) == ("", {"listed": 2})


def test_a_reading_that_was_asked_for_waits_on_when_one_that_was_given_up_ends(
    now: datetime, later: datetime
) -> None:
    asked = now + timedelta(hours=3)
    ask_reading(SYSTEM, BRAND, asked)
    end_reading(BRAND, later, {"listed": 2}, [], "broken_off")
    assert shown(asked) == ("waiting", {})


def test_whoever_came_to_the_end_is_remembered_and_the_latest_stays(now: datetime, later: datetime) -> None:
    end_reading(BRAND, now, {}, [], "")
    assert AccountReading.objects.get().whole_at == now
    end_reading(BRAND, later, {}, [], "broken_off")
    assert AccountReading.objects.get().whole_at == now
    end_reading(BRAND, later, {}, [], "")
    end_reading(BRAND, now, {}, [], "")
    assert begin_reading(BRAND, later) == later
