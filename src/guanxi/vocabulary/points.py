"""Two kinds of points that are never added: love for passion, spend for purchases."""

from __future__ import annotations

from enum import StrEnum


class Points(StrEnum):
    """What an account holds; integers, never negative."""

    LOVE = "love"
    SPEND = "spend"
