"""`guanxi import`: a user's own export through a mapping file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report
from guanxi.cli.progress import TerminalProgress


def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, TSV, JSON Lines or Parquet; gzip and zstd by suffix.")
    ],
    mapping: Annotated[Path, typer.Option(help="What the columns mean: see examples/mappings.")],
    data: DataFolder = None,
    json: AsJson = False,
) -> None:
    """Hear what files tell. The same file twice changes nothing; unreadable rows go to quarantine."""
    from guanxi.listen.imports.mapping import read_mapping

    wanted = read_mapping(mapping)
    with TerminalProgress() as tell, opened(data, create=True, tell=tell):
        from guanxi.composition.consumers import hear
        from guanxi.listen.accept import Receipt
        from guanxi.listen.imports.importing import import_file

        total = Receipt()
        for file in files:
            total += import_file(file, wanted, tell)
        hear(tell)
    report(asdict(total), json)
