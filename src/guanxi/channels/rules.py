"""Reads every platform's ``rules.toml`` once, checks it whole, and answers from it.

Refuses unknown keys, missing sources and values outside the vocabulary.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from guanxi.channels.cap import Cap, Over
from guanxi.channels.hours import OpenHours
from guanxi.channels.registry import platforms, rules_text
from guanxi.channels.rule import (
    MessageRule,
    OptIn,
    PlatformRules,
    Price,
    Provenance,
    ReplyWindow,
    RewardRule,
    Starter,
    Verdict,
    judge_reward,
)
from guanxi.vocabulary.reasons import Refused

_PROVENANCE = frozenset({"id", "source", "checked_on", "seen"})
_MESSAGE = _PROVENANCE | {
    "kind", "starts", "opt_in", "marketing", "price", "allowed", "window", "cap", "hours",
}  # fmt: skip
_REWARD = _PROVENANCE | {"acts", "allowed"}

Entry = Mapping[str, Any]


@cache
def rules_of(platform: str) -> PlatformRules:
    """The rules of a platform that has a folder."""
    return parse(platform, rules_text(platform))


def all_rules() -> tuple[PlatformRules, ...]:
    """The rules of every platform that has a folder, by name."""
    return tuple(rules_of(platform) for platform in platforms())


def rewardable(platform: str, act: str) -> Verdict:
    """Whether the platform lets a brand give points, coupons or money for an act, and which rule says so."""
    return judge_reward(rules_of(platform) if platform in platforms() else None, act)


def parse(platform: str, text: str) -> PlatformRules:
    """The rules a file states; Refused with the file's platform and rule where it cannot be read."""
    try:
        document = tomllib.loads(text)
        _only(document, frozenset({"platform", "zone", "message", "reward"}))
        if document["platform"] != platform:
            raise ValueError(document["platform"])
        ZoneInfo(document["zone"])
        rules = PlatformRules(
            platform=platform,
            zone=document["zone"],
            messages=tuple(_message(platform, entry) for entry in document.get("message", [])),
            rewards=tuple(_reward(platform, entry) for entry in document.get("reward", [])),
        )
    except (KeyError, ValueError, TypeError, ZoneInfoNotFoundError, tomllib.TOMLDecodeError) as error:
        raise Refused("rules_unreadable", f"{platform}: {error}") from error
    _unrepeated(rules)
    return rules


def _message(platform: str, entry: Entry) -> MessageRule:
    _only(entry, _MESSAGE)
    return MessageRule(
        provenance=_provenance(platform, entry),
        kind=_text(entry["kind"]),
        starts=Starter(entry["starts"]),
        opt_in=OptIn(entry["opt_in"]),
        marketing=_flag(entry["marketing"]),
        price=Price(entry["price"]),
        allowed=_flag(entry.get("allowed", True)),
        window=_window(entry["window"]) if "window" in entry else None,
        cap=_cap(entry["cap"]) if "cap" in entry else None,
        hours=_hours(entry["hours"]) if "hours" in entry else None,
    )


def _reward(platform: str, entry: Entry) -> RewardRule:
    _only(entry, _REWARD)
    acts = frozenset(_text(act) for act in entry["acts"])
    return RewardRule(_provenance(platform, entry), acts, _flag(entry["allowed"]))


def _provenance(platform: str, entry: Entry) -> Provenance:
    if not str(entry["id"]).startswith(f"{platform}."):
        raise ValueError(entry["id"])
    if type(entry["checked_on"]) is not date:
        raise ValueError(entry["checked_on"])
    return Provenance(entry["id"], _text(entry["source"]), entry["checked_on"], _flag(entry["seen"]))


def _window(entry: Entry) -> ReplyWindow:
    _only(entry, frozenset({"after", "seconds", "sends_max"}))
    return ReplyWindow(_text(entry["after"]), int(entry["seconds"]), entry.get("sends_max"))


def _cap(entry: Entry) -> Cap:
    _only(entry, frozenset({"sends_max", "over", "days", "zone"}))
    cap = Cap(entry["sends_max"], Over(entry["over"]), entry.get("days", 0), entry.get("zone", "UTC"))
    ZoneInfo(cap.zone)
    return cap


def _hours(entry: Entry) -> OpenHours:
    _only(entry, frozenset({"opens", "closes", "zone"}))
    if not isinstance(entry["opens"], time) or not isinstance(entry["closes"], time):
        raise ValueError("hours")
    return OpenHours(entry["opens"], entry["closes"], entry.get("zone"))


def _only(entry: Entry, known: frozenset[str]) -> None:
    if unknown := set(entry) - known:
        raise ValueError(", ".join(sorted(unknown)))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _unrepeated(rules: PlatformRules) -> None:
    ids = [rule.provenance.id for rule in rules.messages] + [rule.provenance.id for rule in rules.rewards]
    if len(set(ids)) != len(ids):
        raise Refused("rules_repeated", rules.platform)
