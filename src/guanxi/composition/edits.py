"""Asks about people of whom their platform noted that something changed: each once, however often it was noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from guanxi.channels.directory import Person
from guanxi.channels.hook import Told
from guanxi.composition.differences import NEWCOMERS_MAX, Reading, described
from guanxi.listen.hooks import found as telling
from guanxi.social.queries.described import edited
from guanxi.social.queries.following import tags_told

LATELY = timedelta(minutes=11)
"""A little longer than the job's pause; what a pause of the worker leaves out is found at night."""


def read_edited(reading: Reading) -> int:
    """Words and tags of whoever was edited a moment ago are heard; says of how many something was."""
    notice = reading.directory.habits().edited_by
    since = reading.as_of - LATELY
    people = edited(reading.place, notice, since, NEWCOMERS_MAX) if notice else []
    if not people:
        return 0
    said = [one for one in reading.directory.people(people) if one.follows]
    return reading.keep(described(reading, said)) + reading.keep(_tags(reading, said))


def _tags(reading: Reading, said: list[Person]) -> Iterator[Told]:
    """Only tags that the platform knows are compared; what they are called is asked for where one changed."""
    told = {one.address: one.tags for one in said if one.tags is not None}
    differences = tags_told(reading.place, told)
    names = {tag.id: tag.name for tag in reading.directory.tags()} if differences else {}
    for one in differences:
        if one.tag in names:
            yield telling.tagged(
                reading.place,
                one.external_id,
                reading.as_of,
                one.since,
                one.tag,
                names[one.tag],
                one.wanted,
            )
