"""What a platform's error codes mean: whose failure it is and what follows, read from its ``errors.toml``.

A code that the table does not know means nothing, and nothing follows from it; a broken server is asked again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from guanxi.channels.port import Failure
from guanxi.vocabulary.reasons import Refused

_RID = re.compile(r"rid: ?([0-9A-Za-z-]{1,64})")
_CALLER = re.compile(r"(?:invalid|from) ip:? ([0-9a-fA-F.:]{3,45})")


class Then(StrEnum):
    """What the client does after an error."""

    NOTHING = "nothing"
    RETRY = "retry"
    RENEW = "renew"
    BAR = "bar"
    REST_MINUTE = "rest_minute"
    REST_DAY = "rest_day"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means; without a failure it was no failure, or nobody knows."""

    failure: Failure | None
    then: Then
    about: str


UNKNOWN = Meaning(None, Then.NOTHING, "")
BROKEN = Meaning(Failure.TRANSIENT, Then.RETRY, "the platform's server is broken")


class PlatformRefused(Refused):
    """A platform answered with an error.

    Attributes:
        errcode: the platform's number for it; where it has none, the status of HTTP.
        meaning: what that means.
        rid: what WeChat's support asks for; empty where it was not told.
        caller: where the platform names it, the address from which it saw us ask.
    """

    def __init__(self, platform: str, errcode: int, message: str) -> None:
        super().__init__("platform_refused", f"{errcode} {message[:300]}".strip())
        self.errcode = errcode
        self.meaning = meaning_of(platform, errcode)
        self.rid = _found(_RID, message)
        self.caller = _found(_CALLER, message)

    @property
    def is_for_haste(self) -> bool:
        """Whether the call came too soon after others, and may come again after a minute."""
        return self.meaning.then is Then.REST_MINUTE and self.meaning.failure is Failure.TRANSIENT


def meaning_of(platform: str, errcode: int) -> Meaning:
    """What a code means.

    >>> meaning_of("wechat", 45009).then, meaning_of("wechat", 43004).failure
    (<Then.REST_DAY: 'rest_day'>, <Failure.CONTACT: 'contact'>)
    """
    return meanings(platform).get(errcode, BROKEN if 500 <= errcode < 600 else UNKNOWN)


@cache
def meanings(platform: str) -> Mapping[int, Meaning]:
    """Every code the platform's table knows."""
    text = resources.files(f"guanxi.channels.{platform}").joinpath("errors.toml").read_text(encoding="utf-8")
    return {code: _meaning(row) for row in tomllib.loads(text)["error"] for code in row["codes"]}


def _meaning(row: Mapping[str, Any]) -> Meaning:
    failure = Failure(row["failure"]) if "failure" in row else None
    return Meaning(failure, Then(row.get("then", "nothing")), row["about"])


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1) if match else ""
