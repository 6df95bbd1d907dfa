"""Backup under load and restore elsewhere: one consistent copy of the three databases and of the lake they list.

PostgreSQL's own `pg_basebackup` copies the server; the lake's files never change, and none is removed while a
backup holds the lock, so those that the copied catalogs list are copied after it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from guanxi.composition.locks import lake_lock
from guanxi.lake.store import Lake
from guanxi.records.databases import admin_conninfo, alias_of, external_url, transaction
from guanxi.records.embedded import own_server_files, server_tool
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.reasons import Refused

_MARK = "guanxi-backup.json"
_LAST = "installation.json"
"""Makes a folder an installation, so it is written when all else is there."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was copied."""

    folder: str
    database_bytes: int
    lake_files: int


def back_up(folder: Path, tell: Progress = SILENT) -> BackupReport:
    """The folder holds everything that was acknowledged before the call, ready for `restore`."""
    installation = Installation.current()
    if any(external_url(side) is not None for side in Side):
        raise Refused("external_database")
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_not_empty", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    tell.begin("backup")
    with lake_lock():
        _copy_server(installation, folder / "postgres")
        files = sum(1 for _ in _copy_lake(installation, folder))
    for name in ("secrets.json", _LAST):
        shutil.copy2(installation.folder / name, folder / name)
    os.sync()
    size = sum(p.stat().st_size for p in (folder / "postgres").rglob("*") if p.is_file())
    (folder / _MARK).write_text(json.dumps({"lake_files": files}))
    tell.end()
    return BackupReport(str(folder), size, files)


def _copy_server(installation: Installation, target: Path) -> None:
    at = conninfo_to_dict(admin_conninfo(installation, Side.SOCIAL))
    command = [str(server_tool("pg_basebackup")), "-D", str(target), "-X", "stream", "--checkpoint=fast"]
    command += ["-h", str(at["host"]), "-p", str(at["port"]), "-U", str(at["user"])]
    environment = {**os.environ, "PGPASSWORD": str(at["password"])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Refused("backup_failed", (done.stderr.strip().splitlines() or ["?"])[-1])


def _copy_lake(installation: Installation, folder: Path) -> Iterator[Path]:
    """The files that the catalogs list now: all of those that the copied ones list, as none is forgotten meanwhile."""
    for side in Side:
        kept = installation.lake_folder(side)
        with transaction(alias_of(side)) as connection:
            listed = Lake(side).every_file(connection)
        for source in listed:
            target = folder / "lake" / side.value / source.relative_to(kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
            yield target


def restore(backup: Path, folder: Path, tell: Progress = SILENT) -> Installation:
    """The folder holds the installation as the backup knew it; the backup is left as it was."""
    if not (backup / _MARK).exists():
        raise Refused("not_a_backup", str(backup))
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_not_empty", str(folder))
    tell.begin("restore")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(backup, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(_MARK, _LAST))
    installation = Installation(folder.resolve())
    (installation.folder / "secrets.json").chmod(0o600)
    installation.log_folder.mkdir(exist_ok=True)
    for side in Side:
        installation.lake_folder(side).mkdir(parents=True, exist_ok=True)
    own_server_files(installation)
    shutil.copy2(backup / _LAST, folder / _LAST)
    tell.end()
    return installation
