"""The worker: consumers and deliveries all the time, coarse jobs when they are due."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from typing import cast

import psycopg
from django.db import DatabaseError, close_old_connections, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from guanxi.composition import jobs
from guanxi.composition.consumers import hear
from guanxi.outreach.actions.deliver import deliver

_log = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.25
_PAUSE_AFTER_FAILURE_SECONDS = 2.0


def work() -> None:
    """Runs until the process is asked to end."""
    jobs.declare()
    ending = threading.Event()
    carrier = threading.Thread(target=_carry, args=(ending,), name="carry", daemon=True)
    carrier.start()
    try:
        connector = cast("DjangoConnector", app.connector)
        with app.replace_connector(connector.get_worker_connector()) as at_work:
            at_work.run_worker(name="guanxi", listen_notify=True)
    finally:
        ending.set()
        carrier.join(10)


def _carry(ending: threading.Event) -> None:
    """Activities to consumers and messages to channels; a failure is logged and tried again."""
    pause = 0.0
    while not ending.wait(pause):
        try:
            close_old_connections()
            moved = hear() + deliver(datetime.now(UTC))
            pause = 0.0 if moved else _PAUSE_SECONDS
        except (psycopg.Error, DatabaseError, OSError):
            _log.exception("carrying failed; trying again")
            connections.close_all()
            pause = _PAUSE_AFTER_FAILURE_SECONDS
