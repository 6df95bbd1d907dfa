"""The worker: consumers and deliveries all the time, coarse jobs when they are due.

What fails is logged and tried again; it keeps nothing else from being done.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import cast

from django.db import close_old_connections, connections
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

Step = Callable[[], int]


def work() -> None:
    """Runs until the process is asked to end."""
    ending = threading.Event()
    carrier = threading.Thread(target=carry, args=(ending,), name="carry", daemon=True)
    carrier.start()
    try:
        connector = cast("DjangoConnector", app.connector)
        with app.replace_connector(connector.get_worker_connector()) as at_work:
            at_work.run_worker(name="guanxi", listen_notify=True, shutdown_graceful_timeout=_PARTING_SECONDS)
    finally:
        ending.set()
        carrier.join(_PARTING_SECONDS)


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
    except Exception:
        _log.exception("carrying failed; trying again")
        connections.close_all()
        return None
