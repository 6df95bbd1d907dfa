"""Locks that processes of one installation hold against each other; the kernel frees them however a holder ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from guanxi.records.installation import Installation


@contextmanager
def lake_lock() -> Iterator[None]:
    """Nobody removes files of the lake while this is held, and no backup begins."""
    with _locked("lake"):
        yield


@contextmanager
def refresh_lock() -> Iterator[None]:
    """No other process refreshes derived tables while this is held."""
    with _locked("refresh"):
        yield


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (Installation.current().folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
