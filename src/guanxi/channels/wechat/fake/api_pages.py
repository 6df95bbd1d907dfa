"""The fake's API of pictures, pages and mini-programs: QR codes, tickets, OAuth, logins and phone numbers."""

from __future__ import annotations

import secrets
from typing import Any

from guanxi.channels.wechat.fake.calls import Call, Route
from guanxi.channels.wechat.fake.world import Account, Fault, Person, WebCode, World

PICTURE_SECONDS_MAX, PERMANENT_MAX = 2_592_000, 100_000


def _qrcode_create(call: Call) -> dict[str, Any]:
    words, account = call.words, call.account
    action = str(words.get("action_name") or "")
    scene = (words.get("action_info") or {}).get("scene") or {}
    text = str(scene.get("scene_str" if "STR" in action else "scene_id") or "")
    if action not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise Fault(40051, "invalid action name")
    if not _scene_fits(action, text):
        raise Fault(40052, "invalid scene")
    permanent = "LIMIT" in action
    if permanent and sum(p["until"] is None for p in account.pictures.values()) >= PERMANENT_MAX:
        raise Fault(40053, "too many permanent qrcodes")
    seconds = int(words.get("expire_seconds") or 60)
    if not permanent and not 0 < seconds <= PICTURE_SECONDS_MAX:
        raise Fault(40050, "invalid expire_seconds")
    ticket = "gQ" + secrets.token_urlsafe(60)
    until = None if permanent else call.world.clock() + seconds
    account.pictures[ticket] = {"scene": text, "until": until}
    made: dict[str, Any] = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket[:20]}"}
    return made if permanent else {**made, "expire_seconds": seconds}


def _scene_fits(action: str, text: str) -> bool:
    if "STR" in action:
        return 1 <= len(text) <= 64
    top = 100_000 if "LIMIT" in action else 2**31 - 1
    return text.isdecimal() and len(text) < 11 and 1 <= int(text) <= top


def _get_ticket(call: Call) -> dict[str, Any]:
    if call.query.get("type") != "jsapi":
        raise Fault(40097, "invalid args")
    made = {"ticket": f"{call.account.app_id}-{int(call.world.clock() // 7200)}"}
    return {"errcode": 0, "errmsg": "ok", **made, "expires_in": 7200}


def _phone(call: Call) -> dict[str, Any]:
    person = _person(call.account, spend(call.world, call.account, str(call.words.get("code") or ""), 40029))
    if not person.phone:
        raise Fault(40013, "no phone bound")
    number = {
        "phoneNumber": person.phone,
        "purePhoneNumber": person.phone,
        "countryCode": "86",
        "watermark": {"appid": call.account.app_id, "timestamp": int(call.world.clock())},
    }
    return {"errcode": 0, "errmsg": "ok", "phone_info": number}


ROUTES: dict[str, Route] = {
    "/cgi-bin/qrcode/create": _qrcode_create,
    "/cgi-bin/ticket/getticket": _get_ticket,
    "/wxa/business/getuserphonenumber": _phone,
}


class WebLending:
    """The tokens that pages hold for their users."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._held: dict[str, WebCode] = {}

    def access_token(self, account: Account, code: str) -> dict[str, Any]:
        """`/sns/oauth2/access_token`: who came with the code."""
        seen = spend(self._world, account, code, 40029)
        person, token = _person(account, seen), secrets.token_urlsafe(48)
        self._held[token] = seen
        told: dict[str, Any] = {
            "access_token": token,
            "expires_in": 7200,
            "refresh_token": secrets.token_urlsafe(48),
            "openid": person.openid,
            "scope": seen.scope,
        }
        if seen.is_snapshot:
            return {**told, "openid": f"oSnapshot{secrets.token_hex(9)}", "is_snapshotuser": 1}
        if person.union_id and seen.scope == "snsapi_userinfo":
            told["unionid"] = person.union_id
        return told

    def userinfo(self, token: str, openid: str) -> dict[str, Any]:
        """`/sns/userinfo`: name and union id, where the page asked for them."""
        seen = self._held.get(token)
        if seen is None:
            raise Fault(40001, "invalid credential")
        if seen.scope != "snsapi_userinfo":
            raise Fault(48001, "api unauthorized")
        if seen.openid != openid:
            raise Fault(40003, "invalid openid")
        person = _person(self._world.accounts[seen.app_id], seen)
        told = {"openid": openid, "nickname": person.name, "sex": 0, "city": "", "headimgurl": ""}
        return {**told, "unionid": person.union_id} if person.union_id else told

    def session(self, account: Account, code: str) -> dict[str, Any]:
        """`/sns/jscode2session`: who opened the mini-program."""
        person = _person(account, spend(self._world, account, code, 40029))
        told = {"openid": person.openid, "session_key": secrets.token_urlsafe(18)}
        return {**told, "unionid": person.union_id} if person.union_id else told


def spend(world: World, account: Account, code: str, wrong: int) -> WebCode:
    """What the code stands for; it is good once, for five minutes, for its own account."""
    with world.lock:
        if code in world.used_codes:
            raise Fault(40163, "code been used")
        seen = world.codes.pop(code, None)
        if seen is None or seen.app_id != account.app_id:
            raise Fault(wrong, "invalid code")
        world.used_codes.add(code)
        if world.clock() >= seen.until:
            raise Fault(42003, "code expired")
        return seen


def _person(account: Account, seen: WebCode) -> Person:
    return account.people[seen.openid]
