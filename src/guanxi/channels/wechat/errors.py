"""What WeChat's error codes mean: whose failure it is and what follows, read from ``errors.toml``.

A code that the table does not know means nothing, and nothing follows from it.
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
_CALLER = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")


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


class WeChatRefused(Refused):
    """WeChat answered with an error.

    Attributes:
        errcode: WeChat's number for it.
        meaning: what that means.
        rid: what WeChat's support asks for; empty where it was not told.
        caller: for an address that is not on the account's list, the address WeChat saw.
    """

    def __init__(self, errcode: int, message: str) -> None:
        super().__init__("platform_refused", f"{errcode} {message[:300]}".strip())
        self.errcode = errcode
        self.meaning = meaning_of(errcode)
        self.rid = _found(_RID, message)
        self.caller = _found(_CALLER, message)


def meaning_of(errcode: int) -> Meaning:
    """What a code means.

    >>> meaning_of(45009).then, meaning_of(43004).failure
    (<Then.REST_DAY: 'rest_day'>, <Failure.CONTACT: 'contact'>)
    """
    return meanings().get(errcode, UNKNOWN)


@cache
def meanings() -> Mapping[int, Meaning]:
    """Every code the table knows."""
    text = resources.files("guanxi.channels.wechat").joinpath("errors.toml").read_text(encoding="utf-8")
    return {code: _meaning(row) for row in tomllib.loads(text)["error"] for code in row["codes"]}


def _meaning(row: Mapping[str, Any]) -> Meaning:
    failure = Failure(row["failure"]) if "failure" in row else None
    return Meaning(failure, Then(row.get("then", "nothing")), row["about"])


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1) if match else ""
