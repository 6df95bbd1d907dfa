"""`guanxi account read`: who follows, who is tagged and who is in which group, read from the platforms themselves."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report


def read(
    platform: Annotated[str, typer.Argument(help="Such as wecom; without it every account is read.")] = "",
    name: Annotated[str, typer.Argument(help="The account's name; without it every one there is read.")] = "",
    data: DataFolder = None,
    json: AsJson = False,
) -> None:
    """Read followers, tags and groups of accounts from their platforms, and hear what was missed."""
    with opened(data):
        from guanxi.composition.asking import ask_platforms

        found = ask_platforms(datetime.now(UTC), platform, name)
    if json:
        report({"accounts": [asdict(one) for one in found]}, json)
    for one in () if json else found:
        typer.echo(_sentence(asdict(one)))


def _sentence(one: dict[str, Any]) -> str:
    told = (
        "{platform}/{account}: {listed} follow; missed: {followed} follows, {unfollowed} unfollows, {tagged} tags "
        "put on, {untagged} taken off; {groups} groups, {joined} joined, {left} left; {described} described."
    ).format(**one)
    if one["added"] or one["parted"]:
        told += " Employees: {added} came to one, {parted} parted from one.".format(**one)
    if one["untold"]:
        told += f" Not told to this account: {', '.join(one['untold'])}."
    return f"{told} Broken off: {one['refused']}" if one["refused"] else told
