"""What becomes of an opening: counted once, or recognised as something else and shown.

Pure: headers and what is remembered come in as values. Refuses nobody; whoever is not counted is still served.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

BURST_MINUTES = 10
BURST_OPENINGS_MAX = 3


class Verdict(StrEnum):
    """Why an opening is counted or not; the last four are no openings, but steps on the way to one."""

    COUNTED = "counted"
    SELF = "self"
    REPEAT = "repeat"
    LATER = "later"
    SAME_DEVICE = "same_device"
    BURST = "burst"
    SNAPSHOT = "snapshot"
    ROBOT = "robot"
    PREFETCH = "prefetch"
    LOOKED = "looked"
    REDIRECTED = "redirected"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    LEFT = "left"


OPENINGS = tuple(
    verdict for verdict in Verdict if verdict not in ("redirected", "confirmed", "arrived", "left")
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered when somebody opens a mark.

    Attributes:
        is_snapshot: WeChat showed a read-only page to somebody whose identity is invented.
        is_own: the mark is the viewer's, or was handed out to the same device.
        opened_before: the viewer opened this mark before.
        device_before: this mark was opened from the same device by somebody else.
        burst: how many others opened this mark from the same network and browser within the last minutes.
        came_before: the viewer came to the page through another mark first.
    """

    is_snapshot: bool = False
    is_own: bool = False
    opened_before: bool = False
    device_before: bool = False
    burst: int = 0
    came_before: bool = False


def judge(seen: Seen) -> Verdict:
    """The first reason that applies, or counted.

    >>> judge(Seen()), judge(Seen(is_own=True, opened_before=True))
    (<Verdict.COUNTED: 'counted'>, <Verdict.SELF: 'self'>)
    """
    reasons = (
        (seen.is_snapshot, Verdict.SNAPSHOT),
        (seen.is_own, Verdict.SELF),
        (seen.opened_before, Verdict.REPEAT),
        (seen.device_before, Verdict.SAME_DEVICE),
        (seen.burst >= BURST_OPENINGS_MAX, Verdict.BURST),
        (seen.came_before, Verdict.LATER),
    )
    return next((verdict for applies, verdict in reasons if applies), Verdict.COUNTED)


def seen_by_nobody(method: str, headers: Mapping[str, str]) -> Verdict | None:
    """Why a request was not made for a person who looks, or None where it may have been.

    >>> seen_by_nobody("GET", {"user-agent": "TelegramBot (like TwitterBot)"})
    <Verdict.ROBOT: 'robot'>
    >>> seen_by_nobody("GET", {"user-agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}) is None
    True
    """
    if method == "HEAD":
        return Verdict.LOOKED
    purposes = (headers.get(name, "").lower() for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
    if any(word in purpose for purpose in purposes for word in ("prefetch", "prerender", "preview")):
        return Verdict.PREFETCH
    agent = headers.get("user-agent", "").lower()
    return Verdict.ROBOT if not agent or any(word in agent for word in robot_words()) else None


@lru_cache(maxsize=1)
def robot_words() -> tuple[str, ...]:
    """The words that tell of a program, from ``robots.toml``."""
    listed = tomllib.loads(files(__package__).joinpath("robots.toml").read_text("utf-8"))
    return tuple(word for robot in listed["robot"] for word in robot["words"])
