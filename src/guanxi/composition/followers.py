"""Who follows and who is tagged, compared with the platform's own lists: what was missed is heard after all.

Day zero is the same comparison with nothing known. Each difference is told once, however often it is found
before it is digested; nothing is concluded from a list that could not be read to its end.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from guanxi.channels.hook import Told
from guanxi.channels.wechat.client import WeChatClient
from guanxi.channels.wechat.followers import Follower, follower_pages, followers
from guanxi.channels.wechat.tags import tagged, tags
from guanxi.listen.accept import Receipt, accept
from guanxi.listen.rows import Row, as_table
from guanxi.listen.scenes import Scenes, read_scenes, resolve
from guanxi.listen.wechat import open_caller, wechat_accounts
from guanxi.records.accounts import OpenAccount, opened_accounts
from guanxi.records.databases import SOCIAL, transaction
from guanxi.records.register import Place
from guanxi.social.queries.following import Difference, follow_differences, tag_differences
from guanxi.vocabulary.activity import KEY_BYTES, Kind
from guanxi.vocabulary.reasons import Refused

BLOCK = 10_000
GRACE = timedelta(minutes=10)
"""Who followed so lately is left to the push that tells of it, which may still be on its way."""
FOUND_BY = "wechat lists"
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one account's lists told that we had not heard."""

    account: str
    listed: int = 0
    followed: int = 0
    unfollowed: int = 0
    tagged: int = 0
    untagged: int = 0
    refused: str = ""


def reconcile_followers(as_of: datetime, only: str = "") -> tuple[Reconciled, ...]:
    """Every WeChat account that may call the platform has been compared; a refused one does not stop others.

    Args:
        as_of: when the reading began; what nobody dates happened then.
        only: the name of the one account to compare.
    """
    accounts = wechat_accounts(opened_accounts()).values()
    able = [one for one in accounts if one.settings.get("app_secret") and only in ("", one.name)]
    if only and not able:
        raise Refused("no_such_channel_account", only)
    scenes = read_scenes()
    return tuple(_attempt(one, scenes.get((one.platform, one.name), {}), as_of) for one in able)


def _attempt(account: OpenAccount, scenes: Scenes, as_of: datetime) -> Reconciled:
    try:
        with open_caller(account).client as client:
            return _reconciled(client, Place(account.platform, account.name), scenes, as_of)
    except Refused as refused:
        _log.warning("followers of wechat/%s: %s", account.name, refused.code)
        return Reconciled(account.name, refused=str(refused))


def _reconciled(client: WeChatClient, place: Place, scenes: Scenes, as_of: datetime) -> Reconciled:
    listed = [openid for page in follower_pages(client) for openid in page]
    found, lost = follow_differences(place, listed, as_of)
    since = {one.external_id: one.since for one in found}
    described = followers(client, list(since))
    still = [one for one in described if one.follows and not _is_fresh(one, as_of)]
    came = (_came(one, since[one.openid], as_of) for one in still)
    followed = sum(_kept(place, some, scenes).accepted for some in _blocks(came))
    shown = (told for one in still for told in _shown(one, since[one.openid], as_of))
    for some in _blocks(shown):
        _kept(place, some, scenes)
    gone = (_noticed(Kind.UNFOLLOWED, one, as_of) for one in lost)
    unfollowed = sum(_kept(place, some, scenes).accepted for some in _blocks(gone))
    put, taken = _tags_reconciled(client, place, as_of)
    return Reconciled(place.account, len(listed), followed, unfollowed, put, taken)


def _tags_reconciled(client: WeChatClient, place: Place, as_of: datetime) -> tuple[int, int]:
    put = taken = 0
    for tag in tags(client):
        found, lost = tag_differences(place, str(tag.id), tagged(client, tag.id))
        for kind, differences in ((Kind.TAGGED, found), (Kind.UNTAGGED, lost)):
            told = (_noticed(kind, one, as_of, str(tag.id), {"name": tag.name}) for one in differences)
            kept = sum(_kept(place, some, {}).accepted for some in _blocks(told))
            put, taken = (put + kept, taken) if kind is Kind.TAGGED else (put, taken + kept)
    return put, taken


def _is_fresh(one: Follower, as_of: datetime) -> bool:
    return one.followed_at is not None and one.followed_at > as_of - GRACE


def _came(one: Follower, since: datetime | None, as_of: datetime) -> Told:
    """That somebody follows, since when the platform says."""
    moment = one.followed_at or as_of
    if since is not None and moment <= since:
        moment = as_of
    traits = {"found_by": FOUND_BY, **({"by": one.came_by} if one.came_by else {})}
    change = since.isoformat() if since else ""
    return Told(
        Kind.FOLLOWED,
        one.openid,
        moment,
        f"{FOUND_BY}\0followed\0{one.openid}\0{change}",
        reference=one.scene or None,
        traits=traits,
    )


def _shown(one: Follower, since: datetime | None, as_of: datetime) -> Iterator[Told]:
    """What the platform says of somebody, as evidence and as facts."""
    change = since.isoformat() if since else ""
    shown: dict[str, Any] = {"union_id": one.union_id} if one.union_id else {}
    if one.language:
        shown["facts"] = {"language": one.language}
    if shown:
        said = {**shown, "source": FOUND_BY, "confidence": 0.9}
        yield Told(
            Kind.IDENTIFIED, one.openid, as_of, f"{FOUND_BY}\0identified\0{one.openid}\0{change}", traits=said
        )


def _noticed(
    kind: Kind,
    one: Difference,
    as_of: datetime,
    reference: str | None = None,
    more: dict[str, Any] | None = None,
) -> Told:
    """A change that nobody dates: it happened, as far as we know, when we looked."""
    change = one.since.isoformat() if one.since else ""
    identity = f"{FOUND_BY}\0{kind.value}\0{one.external_id}\0{reference or ''}\0{change}"
    traits = {"found_by": FOUND_BY, **(more or {})}
    return Told(kind, one.external_id, as_of, identity, reference=reference, traits=traits)


def _kept(place: Place, told: Iterable[Told], scenes: Scenes) -> Receipt:
    source = f"{place.platform}:{place.account}"
    rows = [_row(source, place, resolve(one, scenes)) for one in told]
    with transaction(SOCIAL) as connection:
        return accept(connection, source, as_table(rows))


def _row(source: str, place: Place, told: Told) -> Row:
    key = hashlib.blake2b(f"{source}\0{told.identity}".encode(errors="replace"), digest_size=KEY_BYTES)
    return {
        "key": key.digest(),
        "kind": told.kind.value,
        "platform": place.platform,
        "account": place.account,
        "actor": told.actor,
        "through": told.through,
        "content": told.content,
        "campaign": told.campaign,
        "happened_at": told.happened_at,
        "reference": told.reference,
        "traits": json.dumps(dict(told.traits or {}), ensure_ascii=False),
    }


def _blocks(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, BLOCK)):
        yield some
