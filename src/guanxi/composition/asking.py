"""Asks every platform that can be asked who follows, who is tagged and who is in which group.

Day zero is the same with nothing known. What was missed is heard through the inbox like anything else; nothing is
concluded from a list that could not be read to its end. What a platform does not tell is said, not guessed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from guanxi.channels.asking import open_directory
from guanxi.channels.calling import Way
from guanxi.channels.directory import Directory, Untold
from guanxi.channels.registry import can_be_asked
from guanxi.composition.differences import Reading, describe_newcomers, read_followers, read_groups, read_tags
from guanxi.composition.edits import read_edited
from guanxi.composition.ways import read_ways
from guanxi.listen.calling.actions import begin_reading, end_reading, note_step
from guanxi.listen.calling.lent import LentTokens
from guanxi.listen.scenes.rules import Scenes, read_scenes
from guanxi.records.accounts import OpenAccount, opened_accounts
from guanxi.records.register import Place
from guanxi.vocabulary.reasons import Refused

PATIENCE = 3
"""How many minutes each call of a reading of lists may wait for a platform that is asked too often."""
_NO_SECRET = "setting_missing"  # noqa: S105 - a code
T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What one account's lists told that we had not heard.

    Attributes:
        added: how many comings to an employee, where one follows through employees.
        parted: how many partings from one.
        untold: what the platform does not tell an account of this kind.
        refused: why the account could not be asked to the end.
    """

    platform: str
    account: str
    listed: int = 0
    followed: int = 0
    unfollowed: int = 0
    added: int = 0
    parted: int = 0
    described: int = 0
    tagged: int = 0
    untagged: int = 0
    groups: int = 0
    joined: int = 0
    left: int = 0
    untold: tuple[str, ...] = ()
    refused: str = ""


def ask_platforms(as_of: datetime, platform: str = "", only: str = "") -> tuple[Found, ...]:
    """Every account that may ask its platform has been compared; a refused one does not stop others.

    Args:
        as_of: when the reading began; what nobody dates happened then.
        platform: of the accounts to compare; empty for all.
        only: the name of the one account to compare; one that lacks a secret is named, not passed over.
    """
    asked = [
        one
        for one in opened_accounts()
        if can_be_asked(one.platform) and platform in ("", one.platform) and only in ("", one.name)
    ]
    if (platform or only) and not asked:
        raise Refused("no_such_channel_account", "/".join(filter(None, (platform, only))))
    scenes = read_scenes()
    found = (_attempt(one, scenes.get((one.platform, one.name), {}), as_of) for one in asked)
    return tuple(one for one in found if only or not one.refused.startswith(_NO_SECRET))


def ask_about_newcomers(as_of: datetime) -> int:
    """Whoever came or was edited a moment ago is described by their platform; says how much was new."""
    found = 0
    for account in opened_accounts():
        if can_be_asked(account.platform):
            try:
                found += _with_directory(account, {}, as_of, _lately)
            except Refused as refused:
                _log.info("asking %s/%s about newcomers: %s", account.platform, account.name, refused.code)
    return found


def _lately(reading: Reading) -> int:
    return describe_newcomers(reading) + read_edited(reading)


def directory_of(account: OpenAccount, patience: int = 0) -> Directory:
    """The account's way to ask its platform, with its tokens kept for all processes."""
    way = Way(store=LentTokens(account.platform, account.name), patience=patience)
    return open_directory(account.platform, account.settings, way)


def _attempt(account: OpenAccount, scenes: Scenes, as_of: datetime) -> Found:
    """What was found, which is kept for whoever looks at the account."""
    place = Place(account.platform, account.name)
    before = begin_reading(place, as_of)
    found = Found(*place, refused="broken_off")
    try:
        found = _read(account, scenes, as_of, before)
    finally:
        end_reading(place, as_of, _counts(found), found.untold, found.refused)
    return found


def _read(account: OpenAccount, scenes: Scenes, as_of: datetime, before: datetime | None) -> Found:
    def ask(reading: Reading) -> Found:
        reading.before = before
        return _asked(reading)

    try:
        return _with_directory(account, scenes, as_of, ask, PATIENCE)
    except Refused as refused:
        return Found(account.platform, account.name, refused=str(refused))


def _counts(found: Found) -> dict[str, int]:
    """The numbers of what was found."""
    return {name: value for name, value in asdict(found).items() if isinstance(value, int)}


def _with_directory(
    account: OpenAccount,
    scenes: Scenes,
    as_of: datetime,
    ask: Callable[[Reading], T],
    patience: int = 0,
) -> T:
    directory = directory_of(account, patience)
    try:
        return ask(Reading(directory, Place(account.platform, account.name), scenes, as_of))
    finally:
        directory.close()


def _asked(reading: Reading) -> Found:
    """A part that is refused does not keep the others from being asked for."""
    refused, counts = "", Counter[str]()
    followers = read_ways if reading.directory.habits().tells_ways else read_followers
    for step, read in (("groups", read_groups), ("followers", followers), ("tags", read_tags)):
        note_step(reading.place, reading.as_of, step)
        try:
            counts.update(_counted(read, reading))
        except Refused as refusal:
            _log.warning("asking %s/%s: %s", *reading.place, refusal.code)
            refused = refused or str(refusal)
    untold = tuple(dict.fromkeys(map(str, reading.untold)))
    return Found(reading.place.platform, reading.place.account, untold=untold, refused=refused, **counts)


def _counted(read: Callable[[Reading], dict[str, int]], reading: Reading) -> dict[str, int]:
    try:
        return read(reading)
    except Untold as refusal:
        reading.untold.append(refusal.part)
        return {}
