"""What platforms note about an account or a fan: its name, and whether it asks somebody to act; pure rules.

A platform says so by the traits ``notice`` (a name) and ``alarm``; the alarms that WeChat and LINE are known
for are alarms in any case.
"""

from __future__ import annotations

from typing import NamedTuple

from guanxi.vocabulary.facts import NAME_MAX, clean, read_traits

TRAITS_MAX = 4_000
ALARMS = frozenset(
    {
        "verify_expired",
        "annual_renew",
        "qualification_verify_fail",
        "naming_verify_fail",
        "botSuspended",
        "deactivated",
        "account_update",
        "phone_number_quality_update",
        "token_revoked",
    }
)
ANY = "noted"


class NoticeWord(NamedTuple):
    """A notice as it is kept."""

    name: str
    is_alarm: bool
    traits: str


def notice_of(written: str | None) -> NoticeWord:
    """What the traits of a notice say."""
    traits = read_traits(written)
    named = traits.get("notice")
    name = clean(named, NAME_MAX) if isinstance(named, str) and named else ANY
    return NoticeWord(name, traits.get("alarm") is True or name in ALARMS, clean(written or "{}", TRAITS_MAX))
