"""The fake's API of messages: who may be written to, how often, and what becomes of a message afterwards.

A refused message leaves no trace in the outbox; one whose answer comes late has been accepted all the same.
"""

from __future__ import annotations

from typing import Any

from guanxi.channels.wechat.fake.calls import DONE, Call, Notice, Route
from guanxi.channels.wechat.fake.world import Fault, Person

TEXT_BYTES_MAX, MASS_A_MONTH, MASS_A_MINUTE, TEMPLATE_LETTERS_MAX = 2048, 4, 60, 20
_SERVICE_TYPES = {
    *("text", "image", "voice", "video", "music", "news", "mpnews", "mpnewsarticle"),
    *("msgmenu", "wxcard", "miniprogrampage"),
}


def _custom_send(call: Call) -> dict[str, Any]:
    person, words, now = call.person(call.words.get("touser")), call.words, call.world.clock()
    kind = str(words.get("msgtype") or "")
    if kind not in _SERVICE_TYPES or not isinstance(words.get(kind), dict):
        raise Fault(40008, "invalid message type")
    if person.blocks:
        raise Fault(48002, "user blocks messages")
    if not person.follows:
        raise Fault(43004, "require subscribe")
    if now >= person.sends_until:
        raise Fault(45015, "response out of time limit or subscription is canceled")
    if person.sends_left < 1:
        raise Fault(45047, "out of response count limit")
    _check_text(str(words[kind].get("content") or "") if kind == "text" else "-")
    person.sends_left -= 1
    _keep(call, "custom", person, {kind: words[kind]})
    return DONE


def _check_text(text: str) -> None:
    if not text:
        raise Fault(44004, "empty content")
    if len(text.encode()) > TEXT_BYTES_MAX:
        raise Fault(45002, "content size out of limit")


def _template_send(call: Call) -> dict[str, Any]:
    person, words = call.person(call.words.get("touser")), call.words
    if words.get("template_id") not in call.account.templates:
        raise Fault(40037, "invalid template_id")
    filled = words.get("data")
    if not isinstance(filled, dict) or not all(_is_filled(one) for one in filled.values()):
        raise Fault(47003, "argument invalid")
    own = str(words.get("client_msg_id") or "")
    before = _sent_before(call, "template", own)
    if before is not None:
        return {**DONE, "msgid": before["msgid"]}
    if not person.follows:
        raise Fault(43004, "require subscribe")
    sent = _keep(call, "template", person, {"template": words["template_id"], "own": own})
    status = "failed:user block" if person.blocks else "success"
    call.push(call.account, person, _finished("TEMPLATESENDJOBFINISH", sent["msgid"], Status=status))
    return {**DONE, "msgid": sent["msgid"]}


def _is_filled(value: object) -> bool:
    text = str(value.get("value") or "") if isinstance(value, dict) else ""
    return 0 < len(text) <= TEMPLATE_LETTERS_MAX


def _bizsend(call: Call) -> dict[str, Any]:
    person, template = call.person(call.words.get("touser")), str(call.words.get("template_id") or "")
    if template not in call.account.templates:
        raise Fault(40037, "invalid template_id")
    if person.permits.get(template, 0) < 1:
        raise Fault(43101, "user refuse to accept the msg")
    person.permits[template] -= 1
    sent = _keep(call, "subscribe", person, {"template": template})
    told = {"TemplateId": template, "MsgID": sent["msgid"], "ErrorCode": "0", "ErrorStatus": "success"}
    call.push(
        call.account,
        person,
        {"MsgType": "event", "Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": told}},
    )
    return DONE


def _mass_send(call: Call) -> dict[str, Any]:
    openids = call.words.get("touser") or []
    if not isinstance(openids, list) or not 2 <= len(openids) <= 10_000:
        raise Fault(40130, "invalid openid list size, at least two openid")
    return _mass(call, [call.person(openid) for openid in openids])


def _mass_send_all(call: Call) -> dict[str, Any]:
    chosen = call.words.get("filter") or {}
    people = [person for person in call.account.people.values() if person.follows]
    if not chosen.get("is_to_all"):
        people = [person for person in people if chosen.get("tag_id") in person.tags]
    return _mass(call, people)


def _mass(call: Call, people: list[Person]) -> dict[str, Any]:
    now, own = call.world.clock(), str(call.words.get("clientmsgid") or "")
    before = _sent_before(call, "mass", own)
    if before is not None:
        code = 45066 if now - before["at"] < 60 else 45065
        raise Fault(code, "clientmsgid exist", msg_id=before["msgid"])
    lately = [sent for sent in call.account.outbox if sent["via"] == "mass" and now - sent["at"] < 60]
    if len(lately) >= MASS_A_MINUTE:
        raise Fault(45011, "api minute-quota reach limit")
    month = call.world.today()[:7]
    reached = [person for person in people if person.follows and not person.blocks]
    within = [person for person in reached if person.mass_sends.get(month, 0) < MASS_A_MONTH]
    for person in within:
        person.mass_sends[month] = person.mass_sends.get(month, 0) + 1
    sent = _keep(call, "mass", None, {"own": own, "to": [person.openid for person in within]})
    counts = {
        "TotalCount": len(people),
        "FilterCount": len(reached),
        "SentCount": len(within),
        "ErrorCount": len(reached) - len(within),
    }
    finished = _finished("MASSSENDJOBFINISH", sent["msgid"], Status="send success", **counts)
    call.push(call.account, Person(call.account.original_id), finished)
    return {**DONE, "msg_id": sent["msgid"], "msg_data_id": sent["msgid"]}


def _finished(event: str, number: int, **fields: object) -> Notice:
    return {"MsgType": "event", "Event": event, "MsgID": number, **fields}


def _sent_before(call: Call, via: str, own: str) -> dict[str, Any] | None:
    return next((s for s in call.account.outbox if own and s["via"] == via and s.get("own") == own), None)


def _keep(call: Call, via: str, person: Person | None, what: dict[str, Any]) -> dict[str, Any]:
    number = 3_000_000_000 + len(call.account.outbox)
    to = person.openid if person else ""
    sent = {"via": via, "to": to, "at": call.world.clock(), "msgid": number, **what}
    call.account.outbox.append(sent)
    return sent


ROUTES: dict[str, Route] = {
    "/cgi-bin/message/custom/send": _custom_send,
    "/cgi-bin/message/template/send": _template_send,
    "/cgi-bin/message/subscribe/bizsend": _bizsend,
    "/cgi-bin/message/mass/send": _mass_send,
    "/cgi-bin/message/mass/sendall": _mass_send_all,
}
