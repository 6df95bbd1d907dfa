"""The parts of an installation as commands of their own: web, front door, worker."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from typing import Annotated

import typer

from guanxi.cli.opening import DataFolder, point_at
from guanxi.records.installation import Installation

PARTING_SECONDS = (
    10  # a request that lasts longer must not keep the port where no supervisor is left to end it
)
SWITCH_SECONDS = 0.001  # a thread that commits asks for the interpreter at every answer of the database

app = typer.Typer(no_args_is_help=True, help="Run one part of an installation by itself.")

Address = Annotated[str, typer.Option(help="Where to listen.")]
Port = Annotated[int, typer.Option(help="On which port.")]


@app.command()
def web(data: DataFolder = None, address: Address = "127.0.0.1", port: Port = 8600) -> None:
    """Serve the console and the REST API."""
    from granian import Granian
    from granian.constants import Interfaces

    Installation.open(point_at(data).folder)
    Granian(
        "guanxi.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        workers_kill_timeout=PARTING_SECONDS,
    ).serve()


@app.command()
def door(data: DataFolder = None, address: Address = "127.0.0.1", port: Port = 8601) -> None:
    """Serve the front door: what platforms and clients send."""
    import uvloop
    from granian.constants import Interfaces
    from granian.server.embed import Server

    Installation.open(point_at(data).folder)
    from guanxi.listen.door.rsgi import Entrance

    async def serve() -> None:
        entrance = Entrance()
        server = Server(entrance, address=address, port=port, interface=Interfaces.RSGI)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.stop)
        await server.serve()
        await entrance.close()

    _settle_memory()
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def _settle_memory() -> None:
    """What is loaded stays and is not looked through again: a full collection made every request wait 0.1 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@app.command()
def worker(data: DataFolder = None) -> None:
    """Digest what is heard, deliver what was reserved, run the jobs that are due."""
    Installation.open(point_at(data).folder)
    import django

    django.setup()
    from guanxi.composition.worker import work

    work()
    logging.shutdown()
    os._exit(
        0
    )  # a job that is still busy is lost to nobody; its thread would keep us for as long as it lasts


@app.command()
def echo(data: DataFolder = None) -> None:
    """Receive what rehearsals send through the echo channel, into DATA/echo/received.jsonl."""
    installation = Installation.open(point_at(data).folder)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    import django

    django.setup()
    from guanxi.composition.demo import start_echo

    receiver = start_echo(installation)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    receiver.stop()
