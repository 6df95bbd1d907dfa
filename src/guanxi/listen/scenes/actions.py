"""Makes QR pictures of an account: asks the platform for one, then remembers what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from guanxi.channels.errors import PlatformRefused
from guanxi.channels.wechat.pictures import SECONDS_MAX, Picture, make_picture
from guanxi.channels.wechat.settings import SERVICE
from guanxi.listen.calling.wechat import open_caller, wechat_accounts
from guanxi.listen.scenes.rules import Meaning, fresh_code
from guanxi.records.accounts import OpenAccount, opened_accounts
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, raw, transaction
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

_NAME_MAX, _TARGET_MAX, _DAYS_MAX = 80, 200, 30
_PERMANENT_USED_UP = 40053
_INSERT = """
INSERT INTO scene (platform, account, code, name, meaning, target, ticket, image, expires_at, made_at, made_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class SceneDraft:
    """A picture that is wished for; ``days`` is None for one that stays."""

    account: str
    name: str
    meaning: str
    target: str
    days: int | None


@dataclass(frozen=True, slots=True)
class SceneRow:
    """A picture that was made."""

    id: int
    platform: str
    account: str
    code: str
    name: str
    meaning: str
    target: str
    image: str
    expires_at: datetime | None
    made_at: datetime
    made_by: str


def make_scene(actor: Actor, draft: SceneDraft, made_at: datetime) -> int:
    """The account has a picture that means what the draft says; its number.

    An account that may have no more pictures for good gets one for 30 days.
    """
    require(actor, Permission.CHANGE_CAMPAIGNS)
    _check(draft)
    code, client = fresh_code(), open_caller(_account(draft.account)).client
    with client:
        picture = _made(draft.days, lambda seconds: make_picture(client, code, seconds))
    expires_at = made_at + timedelta(seconds=picture.seconds) if picture.seconds else None
    place, shown = (Platform.WECHAT.value, draft.account, code), (picture.ticket, picture.image)
    meant = (draft.name.strip(), draft.meaning, draft.target.strip())
    with transaction(RELATIONSHIP) as connection:
        row = connection.execute(
            _INSERT, (*place, *meant, *shown, expires_at, made_at, actor.name)
        ).fetchone()
        assert row is not None
        detail = {"account": draft.account, "meaning": draft.meaning, "permanent": expires_at is None}
        record(RELATIONSHIP, actor, "scene_made", f"scene:{row[0]}", detail)
        return int(row[0])


def rename_scene(actor: Actor, scene: int, name: str) -> None:
    """The picture is called so; what it means never changes, for it may hang on a wall."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    if not 0 < len(name.strip()) <= _NAME_MAX:
        raise Refused("scene_name_unfit")
    with transaction(RELATIONSHIP) as connection:
        if not connection.execute("UPDATE scene SET name = %s WHERE id = %s", (name.strip(), scene)).rowcount:
            raise Refused("no_such_scene", str(scene))
        record(RELATIONSHIP, actor, "scene_renamed", f"scene:{scene}")


def scenes(actor: Actor) -> tuple[SceneRow, ...]:
    """Every picture, the latest first."""
    require(actor, Permission.SEE_CAMPAIGNS)
    found = raw(RELATIONSHIP).execute(
        "SELECT id, platform, account, code, name, meaning, target, image, expires_at, made_at, made_by "
        "FROM scene ORDER BY id DESC"
    )
    return tuple(SceneRow(*row) for row in found.fetchall())


def accounts_with_pictures(actor: Actor) -> tuple[str, ...]:
    """The names of the accounts that can make pictures."""
    require(actor, Permission.SEE_CAMPAIGNS)
    found = wechat_accounts(opened_accounts()).values()
    return tuple(one.name for one in found if _makes_pictures(one) and one.settings.get("app_secret"))


def _account(name: str) -> OpenAccount:
    found = wechat_accounts(opened_accounts()).get(name)
    if found is None:
        raise Refused("no_such_channel_account", name)
    if not _makes_pictures(found):
        raise Refused("account_makes_no_pictures", name)
    return found


def _makes_pictures(account: OpenAccount) -> bool:
    """Whether there are scenes at all; an account of which nobody said what it is counts as what most are."""
    return account.settings.get("kind", SERVICE) == SERVICE


def _check(draft: SceneDraft) -> None:
    if not 0 < len(draft.name.strip()) <= _NAME_MAX:
        raise Refused("scene_name_unfit")
    if draft.meaning not in set(Meaning):
        raise Refused("scene_meaning_unknown", draft.meaning)
    if not 0 < len(draft.target.strip()) <= _TARGET_MAX or not draft.target.isprintable():
        raise Refused("scene_target_unfit")
    if draft.days is not None and not 1 <= draft.days <= _DAYS_MAX:
        raise Refused("scene_days_unfit", str(draft.days))


def _made(days: int | None, make: Callable[[int | None], Picture]) -> Picture:
    try:
        return make(None if days is None else days * 86_400)
    except PlatformRefused as refused:
        if days is not None or refused.errcode != _PERMANENT_USED_UP:
            raise
    return make(SECONDS_MAX)
