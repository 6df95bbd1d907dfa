"""`guanxi account read`: who follows and who is tagged, read from the platform itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report


def read(
    name: Annotated[str, typer.Argument(help="A WeChat account; without it all of them are read.")] = "",
    data: DataFolder = None,
    json: AsJson = False,
) -> None:
    """Read followers and tags of WeChat accounts from WeChat, and hear what was missed."""
    with opened(data):
        from guanxi.composition.followers import reconcile_followers

        found = reconcile_followers(datetime.now(UTC), name)
    if json:
        report({"accounts": [asdict(one) for one in found]}, json)
    for one in () if json else found:
        typer.echo(_sentence(asdict(one)))


def _sentence(one: dict[str, object]) -> str:
    if one["refused"]:
        return f"{one['account']}: {one['refused']}"
    told = "{account}: {listed} follow; missed: {followed} follows, {unfollowed} unfollows, {tagged} tags put on, "
    return (told + "{untagged} taken off.").format(**one)
