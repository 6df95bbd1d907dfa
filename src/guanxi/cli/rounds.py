"""`guanxi round`: everything heard, carried once through every room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report
from guanxi.cli.progress import TerminalProgress
from guanxi.vocabulary.time import parse_moment


def round_(
    data: DataFolder = None,
    json: AsJson = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="The moment it speaks of. Default: now, or the newest activity where that is a month old."
        ),
    ] = None,
) -> None:
    """Refresh, rank, pick 50 ambassadors, book points, answer a segment, plan a campaign; sends nothing."""
    wanted = parse_moment(as_of) if as_of else None
    with TerminalProgress() as tell, opened(data, tell=tell):
        from guanxi.composition.consumers import hear
        from guanxi.composition.locks import refresh_lock
        from guanxi.composition.round import go_round, moment_of_round
        from guanxi.lake.engine import Engine

        hear(tell)
        with refresh_lock(), Engine() as engine:
            made = go_round(engine, wanted or moment_of_round(engine, datetime.now(UTC)), tell)
    report(made, json, "One round")
