"""Keeping an installation: make it, check it, copy it, let people in, measure it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from guanxi.cli.opening import AsJson, DataFolder, opened, point_at
from guanxi.cli.printing import report
from guanxi.cli.progress import TerminalProgress


def init(data: DataFolder = None) -> None:
    """Make an empty installation, or bring an older one up to date."""
    with TerminalProgress() as tell, opened(data, create=True, tell=tell) as installation:
        folder = installation.folder
    typer.echo(f"Ready in {folder}. Next: guanxi user NAME --role admin, then guanxi serve.")


def verify(
    data: DataFolder = None,
    json: AsJson = False,
    rebuild: Annotated[bool, typer.Option(help="Also make every derived table anew and compare.")] = False,
) -> None:
    """Check the invariants that Guanxi promises; exit 1 where one is broken."""
    with TerminalProgress() as tell, opened(data, tell=tell):
        from guanxi.composition.verify import verify as check

        checks = check(rebuild, tell)
    if json:
        report({"clean": all(c.holds for c in checks), "checks": checks}, json)
    else:
        for one in checks:
            mark = "[green]holds [/green]" if one.holds else "[red]BROKEN[/red]"
            from rich.console import Console

            sought = "found none of: " if one.holds and one.name.endswith("_promises") else ""
            detail = one.detail.replace("_", " ") if sought else one.detail
            Console().print(f"{mark} {one.name.replace('_', ' ')}: {sought}{detail}", highlight=False)
    if not all(one.holds for one in checks):
        raise typer.Exit(1)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    data: DataFolder = None,
    json: AsJson = False,
) -> None:
    """Copy the installation into a folder, while it is in use if need be."""
    with TerminalProgress() as tell, opened(data, tell=tell):
        from guanxi.composition.backup import back_up

        made = back_up(folder, tell)
    report(made, json)


def restore(
    source: Annotated[Path, typer.Argument(help="A folder that `guanxi backup` wrote.")],
    data: DataFolder = None,
) -> None:
    """Make an installation from a backup, in a new folder, and check it."""
    from guanxi.composition.backup import restore as bring_back

    with TerminalProgress() as tell:
        made = bring_back(source, point_at(data).folder, tell)
    verify(made.folder)


def address(
    written: Annotated[
        str | None,
        typer.Argument(metavar="ADDRESS", help="Such as https://hear.brand.example; '' for none."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Show or set the public address of the front door, with which every address we give to others begins."""
    with opened(data):
        from guanxi.records.actor import SYSTEM
        from guanxi.records.public_address import public_address, set_public_address

        kept = public_address() if written is None else set_public_address(SYSTEM, written)
    typer.echo(kept or "No public address is set; only hosts in GUANXI_HOSTS are believed.")


def user(
    name: Annotated[str, typer.Argument(help="The login name.")],
    role: Annotated[str, typer.Option(help="admin, marketer, analyst, care or agency.")] = "admin",
    data: DataFolder = None,
) -> None:
    """Let somebody into the console: prints a new password, or one from GUANXI_PASSWORD is taken."""
    given = os.environ.get("GUANXI_PASSWORD")
    password = given or secrets.token_urlsafe(9)
    with opened(data):
        from guanxi.composition.people import let_in

        let_in(name, role, password)
    typer.echo(f"{name} may enter as {role}." + ("" if given else f" Password: {password}"))


def bench(
    name: Annotated[str, typer.Argument(help="A file in bench/, such as round.")],
    scale: Annotated[int | None, typer.Option(help="How large; each bench has its own default.")] = None,
    existing: Annotated[
        Path | None,
        typer.Option("--data", help="Measure this installation instead of making one, where the bench can."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure: runs bench/NAME.py of a checkout and prints its table with the machine."""
    from guanxi.composition.benches import run_bench

    run_bench(name, scale, json, existing.resolve() if existing else None)
