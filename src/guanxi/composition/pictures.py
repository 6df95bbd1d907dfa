"""QR pictures of ambassadors: a person names a fan, and the picture keeps what its account calls that fan.

Refuses whoever the account does not know, so that nobody's scans go to a misspelt word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from guanxi.influence.queries import invited_fans
from guanxi.listen.scenes.actions import SceneDraft, SceneRow, make_scene
from guanxi.listen.scenes.rules import Meaning
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.register import Place
from guanxi.social.queries.asking import known_as, known_on
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

_DIGITS_MAX = 18


def make_picture(actor: Actor, draft: SceneDraft, made_at: datetime) -> int:
    """The account has a picture that means what the draft says; an ambassador is its target by number of the fan."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    if draft.meaning == Meaning.AMBASSADOR:
        draft = replace(draft, target=_called(draft))
    return make_scene(actor, draft, made_at)


def ambassadors_on(actor: Actor, account: str) -> tuple[int, ...]:
    """The brand's ambassadors whom the account knows, as fans."""
    invited = invited_fans(actor)
    return tuple(sorted(known_on(_place(account), invited)))


def ambassadors_of(actor: Actor, rows: Iterable[SceneRow]) -> dict[int, int]:
    """By picture of an ambassador, the fan; one whom nobody has heard of yet is left out."""
    require(actor, Permission.SEE_SOCIAL)
    asked: dict[Place, dict[int, str]] = {}
    for row in rows:
        if row.meaning == Meaning.AMBASSADOR:
            asked.setdefault(Place(row.platform, row.account), {})[row.id] = row.target
    return {
        picture: fans[target]
        for place, targets in asked.items()
        for fans in (known_as(place, set(targets.values())),)
        for picture, target in targets.items()
        if target in fans
    }


def _called(draft: SceneDraft) -> str:
    fans = _numbers(draft.target.strip())
    found = known_on(_place(draft.account), fans)
    if not found:
        raise Refused("scene_ambassador_unknown", draft.target[:20])
    return found[fans[0]]


def _numbers(written: str) -> list[int]:
    fits = written.isascii() and written.isdecimal() and len(written) <= _DIGITS_MAX
    return [int(written)] if fits else []


def _place(account: str) -> Place:
    return Place(Platform.WECHAT.value, account)
