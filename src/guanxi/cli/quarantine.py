"""`guanxi quarantine`: what platforms pushed and nobody understood is read again."""

from __future__ import annotations

from dataclasses import asdict

import typer

from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report

app = typer.Typer(help="What could not be read when it came.", no_args_is_help=True)


@app.callback()
def quarantine() -> None:
    """What could not be read when it came."""


@app.command()
def replay(data: DataFolder = None, json: AsJson = False) -> None:
    """Read what platforms pushed again, by what this version knows; what it still doesn't know stays."""
    with opened(data):
        from guanxi.listen.hooks.actions import read_again
        from guanxi.records.actor import SYSTEM

        found = read_again(SYSTEM)
    report(asdict(found), json)
