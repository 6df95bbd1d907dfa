"""An installation is one folder: its secrets, its lake and, unless another server is named, its PostgreSQL.

Knows where things lie and keeps secrets readable by their owner only; refuses any other folder.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.reasons import Refused

VERSION = 1
DEFAULT_FOLDER = "guanxi-data"


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What must never reach a log or a page."""

    pepper: bytes
    django_key: str
    passwords: dict[str, str]

    @classmethod
    def fresh(cls) -> Secrets:
        """Newly drawn secrets."""
        names = ("guanxi", *(f"guanxi_{side}" for side in Side))
        return cls(
            secrets.token_bytes(32), secrets.token_urlsafe(48), {n: secrets.token_urlsafe(24) for n in names}
        )


@dataclass(frozen=True, slots=True)
class Installation:
    """One brand's Guanxi on one folder."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> Installation:
        """The folder holds an installation; one that was there is kept as it is."""
        made = cls(folder.resolve())
        if made.exists:
            return made
        made.folder.mkdir(parents=True, exist_ok=True)
        drawn = Secrets.fresh()
        text = json.dumps(
            {"pepper": drawn.pepper.hex(), "django_key": drawn.django_key, "passwords": drawn.passwords}
        )
        _write_private(made._secrets_path, text)
        for side in Side:
            made.lake_folder(side).mkdir(parents=True, exist_ok=True)
        made.log_folder.mkdir(exist_ok=True)
        (made.folder / "static").mkdir(exist_ok=True)
        (made.folder / "installation.json").write_text(json.dumps({"version": VERSION}))
        return made

    @classmethod
    def open(cls, folder: Path) -> Installation:
        """The installation in ``folder``; refused where there is none."""
        found = cls(folder.resolve())
        if not found.exists:
            raise Refused("no_installation", str(folder))
        return found

    @classmethod
    def current(cls) -> Installation:
        """The installation that ``GUANXI_DATA`` names, or the one in ``./guanxi-data``."""
        return cls(Path(os.environ.get("GUANXI_DATA", DEFAULT_FOLDER)).resolve())

    @property
    def exists(self) -> bool:
        """Whether the folder holds an installation."""
        return (self.folder / "installation.json").exists()

    @property
    def secrets(self) -> Secrets:
        """The installation's own secrets."""
        kept = json.loads(self._secrets_path.read_text())
        return Secrets(bytes.fromhex(kept["pepper"]), kept["django_key"], kept["passwords"])

    @property
    def postgres_folder(self) -> Path:
        """Where the embedded server keeps its cluster."""
        return self.folder / "postgres"

    @property
    def log_folder(self) -> Path:
        """Where the parts write their logs."""
        return self.folder / "log"

    @property
    def serving_path(self) -> Path:
        """Locked by whoever serves the installation; says where its front door is, or was the last time."""
        return self.folder / "serving.lock"

    @property
    def front_door(self) -> str:
        """Where the front door is on this machine, or was when it was last served; empty where it never was."""
        try:
            return self.serving_path.read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def lake_folder(self, side: Side) -> Path:
        """Where the Parquet files of one side lie."""
        return self.folder / "lake" / side.value

    @property
    def _secrets_path(self) -> Path:
        return self.folder / "secrets.json"


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
