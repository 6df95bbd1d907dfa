"""`guanxi serve`: the whole process tree of an installation under one supervisor."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from typing import Annotated

import typer

from guanxi.cli.opening import DataFolder, opened
from guanxi.cli.progress import TerminalProgress
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused

WEB_PORT = 8600
Port = Annotated[int, typer.Option(help="Of the console; the front door takes the next one.")]
Host = Annotated[str, typer.Option("--address", help="Where to listen.")]


def serve(data: DataFolder = None, address: Host = "127.0.0.1", port: Port = WEB_PORT) -> None:
    """Serve the console, the front door and the worker until Ctrl-C."""
    with TerminalProgress() as tell, opened(data, create=True, tell=tell) as installation:
        from guanxi.composition.people import anybody_may_enter

        folder, empty = installation, not anybody_may_enter()
    if empty:
        typer.echo(f"Nobody may enter the console yet: guanxi user NAME --data {folder.folder}")
    run_parts(folder, address, port)


def run_parts(installation: Installation, address: str, port: int) -> None:
    """All parts run until the supervisor is asked to end."""
    from guanxi.composition.supervise import Supervisor, python_part

    for number in (port, port + 1):
        _wait_until_free(address, number)
    os.environ.setdefault("GUANXI_FRONT_DOOR", f"http://{address}:{port + 1}")
    data = ("--data", str(installation.folder))
    parts = [
        python_part("echo", "guanxi.cli", "part", "echo", *data),
        python_part("worker", "guanxi.cli", "part", "worker", *data),
        python_part(
            "door", "guanxi.cli", "part", "door", *data, "--address", address, "--port", str(port + 1)
        ),
        python_part("web", "guanxi.cli", "part", "web", *data, "--address", address, "--port", str(port)),
    ]

    def told(name: str) -> None:
        typer.echo(f"{name} ended by itself and was started again; see {installation.log_folder}", err=True)

    typer.echo(
        f"Console: http://{address}:{port}   Front door: http://{address}:{port + 1}   Ctrl-C ends both."
    )
    sys.stdout.flush()
    Supervisor(installation, parts, told, _reached_here(address, port + 1)).run()


def _reached_here(address: str, port: int) -> str:
    """Where this machine itself reaches what listens there; an address that means all of its own is none to call."""
    return f"http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}"  # noqa: S104 - compared, not bound


def free_port(address: str, wanted: int = WEB_PORT) -> int:
    """The first pair of free ports from the wanted one on."""
    for port in range(wanted, wanted + 200, 2):
        with contextlib.suppress(Refused):
            _must_be_free(address, port)
            _must_be_free(address, port + 1)
            return port
    raise Refused("port_taken", str(wanted))


def _wait_until_free(address: str, port: int, seconds: float = 5.0) -> None:
    """The port is free; parts of a killed supervisor are given the time to end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(Refused):
            return _must_be_free(address, port)
        time.sleep(0.1)
    _must_be_free(address, port)


def _must_be_free(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            raise Refused("port_taken", str(port)) from None
