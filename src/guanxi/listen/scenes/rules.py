"""What the codes in a brand's QR pictures mean: a content, a store, a campaign or an ambassador.

A code says nothing to whoever reads it (``q:`` and eleven letters of chance); what it means stays here.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import psycopg

from guanxi.channels.hook import Told
from guanxi.records.databases import RELATIONSHIP, conninfo

PREFIX = "q:"
_LETTERS = string.digits + string.ascii_letters
_CODE_LETTERS = 11


class Meaning(StrEnum):
    """What somebody who scans the picture came by."""

    CONTENT = "content"
    STORE = "store"
    CAMPAIGN = "campaign"
    AMBASSADOR = "ambassador"


@dataclass(frozen=True, slots=True)
class Scene:
    """What one code means; ``target`` is the content, store or campaign, or the ambassador's external id."""

    meaning: Meaning
    target: str


Scenes = Mapping[str, Scene]
"""The scenes of one account by code."""


def fresh_code() -> str:
    """A code that nobody can guess and that says nothing."""
    return PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))


def resolve(told: Told, scenes: Scenes) -> Told:
    """The activity with what its scene means; as it was where the reference is no scene of the account.

    A content or a campaign goes where an activity names those; an ambassador is the one through whom it
    came, unless the ambassador scanned their own picture; a store becomes the trait ``store``, for a place is
    none of the three. What the platform itself said is not overwritten, and the reference stays.
    """
    scene = scenes.get((told.reference or "").removeprefix("qrscene_"))
    if scene is None:
        return told
    if scene.meaning is Meaning.CONTENT:
        return replace(told, content=told.content or scene.target)
    if scene.meaning is Meaning.CAMPAIGN:
        return replace(told, campaign=told.campaign or scene.target)
    if scene.meaning is Meaning.STORE:
        return replace(told, traits={**(told.traits or {}), "store": scene.target})
    if scene.target == told.actor:
        return told
    return replace(told, through=told.through or scene.target)


def read_scenes() -> dict[tuple[str, str], dict[str, Scene]]:
    """Every scene by account and code; for the door's `Snapshot`."""
    found: dict[tuple[str, str], dict[str, Scene]] = {}
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        rows = connection.execute("SELECT platform, account, code, meaning, target FROM scene")
        for platform, account, code, meaning, target in rows:
            found.setdefault((platform, account), {})[code] = Scene(Meaning(meaning), target)
    return found
