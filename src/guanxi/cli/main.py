"""The `guanxi` command: every verb of the house from a terminal, one clear line where it fails."""

from __future__ import annotations

import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import typer

from guanxi.cli import accounts, demo, fake, followers, importing, keeping, parts, quarantine, rounds, serving
from guanxi.cli.influence import app as influence
from guanxi.cli.words import sentence
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused

app = typer.Typer(
    name="guanxi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A social CRM: two databases correlated with evidence, love before money, and a leash.",
)
app.command("demo")(demo.demo)
app.command("init")(keeping.init)
app.command("serve")(serving.serve)
app.command("import")(importing.import_files)
app.command("round")(rounds.round_)
app.command("verify")(keeping.verify)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.command("user")(keeping.user)
app.command("address")(keeping.address)
app.command("bench")(keeping.bench)
accounts.app.command("read")(followers.read)
app.add_typer(accounts.app, name="account")
app.add_typer(fake.app, name="fake")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(parts.app, name="part")
app.add_typer(influence, name="influence")


def run() -> None:
    """The command of the arguments has run; a refusal is one line on standard error and exit code 1."""
    try:
        app()
    except Refused as refused:
        print(f"guanxi: {sentence(refused)}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        kept = keep_trace()
        print(f"guanxi: {type(error).__name__}: {error} (the whole story is in {kept})", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def keep_trace() -> str:
    """The trace of the error at hand is at the end of a log; says where."""
    folder = Installation.current().log_folder
    path = folder / "cli.log" if folder.is_dir() else Path(tempfile.gettempdir()) / "guanxi-cli.log"
    with path.open("a") as log:
        log.write(f"{datetime.now(UTC).isoformat()} {' '.join(sys.argv)}\n{traceback.format_exc()}\n")
    return str(path)
