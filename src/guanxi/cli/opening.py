"""Opens an installation for a command: its folder, its databases, ready tables, Django set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from guanxi.records.installation import Installation
from guanxi.vocabulary.progress import SILENT, Progress

DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data", envvar="GUANXI_DATA", help="The installation's folder.", show_default="./guanxi-data"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def point_at(data: Path | None) -> Installation:
    """Every room of this process works on the folder from now on."""
    if data is not None:
        os.environ["GUANXI_DATA"] = str(data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.site.settings")
    return Installation.current()


@contextmanager
def opened(data: Path | None, create: bool = False, tell: Progress = SILENT) -> Iterator[Installation]:
    """The installation, ready for use; its own server runs as long as the block unless another one does.

    Args:
        data: the folder, or None for the one that the environment names.
        create: make an installation where there is none, instead of refusing.
        tell: shown while the server recovers and tables are brought up to date.
    """
    wanted = point_at(data)
    installation = Installation.create(wanted.folder) if create else Installation.open(wanted.folder)
    import django

    django.setup()
    from guanxi.composition.house import make_ready
    from guanxi.records.databases import external_url
    from guanxi.records.embedded import EmbeddedPostgres
    from guanxi.vocabulary.ids import Side

    server = EmbeddedPostgres(installation)
    if any(external_url(side) is None for side in Side):
        tell.begin("database")
        server.start()
        tell.end()
    try:
        make_ready(installation, tell)
        yield installation
    finally:
        django.db.connections.close_all()
        server.stop()
