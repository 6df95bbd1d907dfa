"""A child process ends when its parent does, however the parent ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None


def end_with_parent(by: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """The kernel will send us the signal when our parent ends (Linux; elsewhere the supervisor alone ends us).

    Args:
        by: the signal.
        parent: who our parent should be; where it is gone already, we end at once.
    """
    if _LIBC is None:
        return
    parent = os.getppid() if parent is None else parent
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def ending_with_us(by: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """What a child calls before it becomes another program, so that at no moment it can outlive us."""
    ourselves = os.getpid()
    return lambda: end_with_parent(by, ourselves)
