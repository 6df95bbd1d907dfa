"""The worker: consumers and deliveries all the time, coarse jobs when they are due.

What fails is logged and tried again; it keeps nothing else from being done.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import cast

import psycopg
from django.db import OperationalError, close_old_connections, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from guanxi.composition import jobs
from guanxi.composition.consumers import consumers
from guanxi.listen.deliver import deliver as deliver_heard
from guanxi.outreach.actions.deliver import deliver as deliver_messages

_log = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 2.0
_PARTING_SECONDS = 10.0
_ENDINGS = {signal.SIGTERM, signal.SIGINT}

Step = Callable[[], int]


def work() -> None:
    """Runs until the process is asked to end; then what was begun is finished if it can be soon."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    ending = threading.Event()
    threads = [
        threading.Thread(target=target, args=(ending,), name=target.__name__, daemon=True)
        for target in (carry, run_jobs)
    ]
    for thread in threads:
        thread.start()
    signal.sigwait(_ENDINGS)
    ending.set()
    deadline = time.monotonic() + _PARTING_SECONDS
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0.0))


def run_jobs(ending: threading.Event) -> None:
    """Jobs that are due run, one at a time, until ``ending`` is set."""
    while not ending.is_set():
        try:
            asyncio.run(_run_jobs(ending))
        except Exception:
            _log.exception("running jobs failed; trying again")
            ending.wait(_PAUSE_AFTER_FAILURE_SECONDS)


async def _run_jobs(ending: threading.Event) -> None:
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector) as at_work:
        async with at_work.open_async():
            working = asyncio.create_task(
                at_work.run_worker_async(
                    name="guanxi",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=_PARTING_SECONDS / 2,
                )
            )
            while not ending.is_set() and not working.done():
                await asyncio.sleep(_PAUSE_SECONDS)
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working


def carry(ending: threading.Event) -> None:
    """Activities to consumers and messages to channels, until ``ending`` is set."""
    steps: list[Step] = [jobs.give_up_abandoned]
    steps += [partial(deliver_heard, consumer) for consumer in consumers()]
    steps.append(lambda: deliver_messages(datetime.now(UTC)))
    rest = [0.0] * len(steps)
    while not ending.is_set():
        moved = 0
        for place, step in enumerate(steps):
            if time.monotonic() >= rest[place] and not ending.is_set():
                done = _attempt(step)
                rest[place] = 0.0 if done is not None else time.monotonic() + _PAUSE_AFTER_FAILURE_SECONDS
                moved += done or 0
        ending.wait(0.0 if moved else _PAUSE_SECONDS)


def _attempt(step: Step) -> int | None:
    """How much the step moved; None where it failed, and then every connection is made anew."""
    try:
        close_old_connections()
        return step()
    except (OperationalError, psycopg.OperationalError) as error:
        _log.warning("not now, trying again: %s", str(error).partition("\n")[0])
    except Exception:
        _log.exception("carrying failed; trying again")
    connections.close_all()
    return None
