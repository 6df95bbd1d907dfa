"""The fake's API of people: who they are (hardly anything), who follows, and tags."""

from __future__ import annotations

from typing import Any

from guanxi.channels.wechat.fake.calls import DONE, Call, Route
from guanxi.channels.wechat.fake.world import Fault, Person

PAGE, BATCH_MAX, TAGGING_MAX, TAGS_MAX, TAGS_A_PERSON_MAX = 10_000, 100, 50, 100, 20


def _one_user(call: Call) -> dict[str, Any]:
    return _described(call.person(call.query.get("openid", "")))


def _batch_get(call: Call) -> dict[str, Any]:
    asked = call.words.get("user_list") or []
    if not 0 < len(asked) <= BATCH_MAX:
        raise Fault(40032, "invalid openid list size")
    return {"user_info_list": [_described(call.person(one.get("openid"))) for one in asked]}


def _described(person: Person) -> dict[str, Any]:
    """As since 2021-12-27: no name, no sex, no city, no portrait."""
    if not person.follows:
        return {"subscribe": 0, "openid": person.openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": person.followed_at,
        **({"unionid": person.union_id} if person.union_id else {}),
        "remark": "",
        "groupid": min(person.tags, default=0),
        "tagid_list": sorted(person.tags),
        "subscribe_scene": person.came_by,
        "qr_scene": 0,
        "qr_scene_str": person.scene,
    }


def _user_get(call: Call) -> dict[str, Any]:
    openids = [person.openid for person in call.account.people.values() if person.follows]
    return _page(openids, call.query.get("next_openid", ""))


def _page(openids: list[str], after: str) -> dict[str, Any]:
    start = openids.index(after) + 1 if after in openids else 0
    shown = openids[start : start + PAGE]
    found: dict[str, Any] = {"total": len(openids), "count": len(shown)}
    if shown:
        found |= {"data": {"openid": shown}}
    return {**found, "next_openid": shown[-1] if shown else ""}


def _tags_get(call: Call) -> dict[str, Any]:
    people = call.account.people.values()
    rows = [
        {"id": number, "name": name, "count": sum(number in person.tags for person in people)}
        for number, name in call.account.tags.items()
    ]
    return {"tags": rows}


def _tags_create(call: Call) -> dict[str, Any]:
    name = str((call.words.get("tag") or {}).get("name") or "")
    tags = call.account.tags
    if not name or len(name) > 30:
        raise Fault(45158, "tag name too long or empty")
    if name in tags.values():
        raise Fault(45157, "invalid tag name: exists")
    if len(tags) >= TAGS_MAX:
        raise Fault(45056, "too many tags")
    number = max(tags, default=99) + 1
    tags[number] = name
    return {"tag": {"id": number, "name": name}}


def _tag_members(call: Call, *, add: bool) -> dict[str, Any]:
    openids, number = call.words.get("openid_list") or [], call.words.get("tagid")
    if number not in call.account.tags:
        raise Fault(45159, "invalid tag id")
    if not 0 < len(openids) <= TAGGING_MAX:
        raise Fault(40032, "invalid openid list size")
    people = [call.person(openid) for openid in openids]
    if add and any(len(person.tags | {number}) > TAGS_A_PERSON_MAX for person in people):
        raise Fault(45059, "too many tags on a user")
    for person in people:
        (person.tags.add if add else person.tags.discard)(number)
    return DONE


def _tag_get(call: Call) -> dict[str, Any]:
    number = call.words.get("tagid")
    if number not in call.account.tags:
        raise Fault(45159, "invalid tag id")
    openids = [person.openid for person in call.account.people.values() if number in person.tags]
    return _page(openids, str(call.words.get("next_openid") or ""))


ROUTES: dict[str, Route] = {
    "/cgi-bin/user/info": _one_user,
    "/cgi-bin/user/info/batchget": _batch_get,
    "/cgi-bin/user/get": _user_get,
    "/cgi-bin/tags/get": _tags_get,
    "/cgi-bin/tags/create": _tags_create,
    "/cgi-bin/tags/members/batchtagging": lambda call: _tag_members(call, add=True),
    "/cgi-bin/tags/members/batchuntagging": lambda call: _tag_members(call, add=False),
    "/cgi-bin/user/tag/get": _tag_get,
}
