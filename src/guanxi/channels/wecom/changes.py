"""What each change that WeCom pushes means: contacts, their groups, tags; pure.

Ids of external contacts begin with wm or wo; whoever else is in a group is of the corporation and no fan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from guanxi.channels.hook import Told
from guanxi.channels.opt_out import withdrawal
from guanxi.channels.wechat.document import Document, text_at
from guanxi.vocabulary.activity import Kind

Reader = Callable[[Told, Document], list[Told]]
# Shapes: developer.work.weixin.qq.com/document/path/96361, read 2026-11-22. Members of a changed group came as one text
# with commas before they came as a list (WxJava 4.8.0); both are read.
_EXTERNAL = ("wm", "wo")
_MEMBERS_MAX = 500


def told_in(push: Document, received_at: datetime) -> list[Told] | None:
    """What a push tells; None where its event is not known."""
    event, change = text_at(push, "event").lower(), text_at(push, "changetype").lower()
    read = _READERS.get((event, change)) or _READERS.get((event, ""))
    if read is None:
        return None
    notice = "_".join(part for part in (event.removeprefix("change_"), change) if part)
    begun = Told(
        Kind.NOTED, text_at(push, "externaluserid"), _moment(push, received_at), traits={"notice": notice}
    )
    return read(begun, push)


def _moment(push: Document, received_at: datetime) -> datetime:
    written = text_at(push, "createtime")
    fits = written.isascii() and written.isdigit() and len(written) < 11
    return datetime.fromtimestamp(int(written), UTC) if fits and int(written) else received_at


def _added(told: Told, push: Document) -> list[Told]:
    """The state is the scene of the code that was scanned; it is missing where they were a contact before."""
    staff = text_at(push, "userid")
    scene = text_at(push, "state") or None
    traits = {"staff": staff} if staff else None
    return [replace(told, kind=Kind.FOLLOWED, reference=scene, traits=traits)] if told.actor else [told]


def _parted(told: Told, push: Document) -> list[Told]:
    """The contact deleted an employee: whoever does so wants no more, even where another employee has them."""
    if not told.actor:
        return [told]
    left = _ended(told, push, "contact")
    return [left, withdrawal(left, {"channel": "wecom"})]


def _deleted(told: Told, push: Document) -> list[Told]:
    """An employee deleted the contact, or handed them to another one."""
    return [_ended(told, push, "employee")] if told.actor else [told]


def _ended(told: Told, push: Document, by: str) -> Told:
    """The contact and one employee have parted; whether another has them is not said here."""
    source = text_at(push, "source")
    traits = {"staff": text_at(push, "userid"), "by": by, **({"source": source} if source else {})}
    return replace(told, kind=Kind.PARTED, traits=traits)


def _noted(*fields: str, reference: str = "") -> Reader:
    def read(told: Told, push: Document) -> list[Told]:
        stated = {name: text_at(push, name) for name in fields if text_at(push, name)}
        return [
            replace(
                told, reference=text_at(push, reference) or None, traits={**(told.traits or {}), **stated}
            )
        ]

    return read


def _group_noted(notice: str) -> Reader:
    def read(told: Told, push: Document) -> list[Told]:
        return [_of_group(told, push, notice)]

    return read


def _of_group(told: Told, push: Document, notice: str) -> Told:
    return replace(told, actor="", reference=text_at(push, "chatid") or None, traits=_group(notice=notice))


def _group(**traits: Any) -> dict[str, Any]:
    return {"group": {"name": "", "kind": "customer_group"}, **traits}


def _group_changed(told: Told, push: Document) -> list[Told]:
    detail = text_at(push, "updatedetail")
    kind = {"add_member": Kind.JOINED, "del_member": Kind.LEFT}.get(detail)
    members = list(_members(push)) if kind else []
    if kind is None or not members:
        return [_of_group(told, push, f"group_{detail}" if detail else "group_changed")]
    scene = text_at(push, "joinscene") if kind is Kind.JOINED else text_at(push, "quitscene")
    there = replace(told, kind=kind, reference=text_at(push, "chatid") or None)
    return [replace(there, actor=member, traits=_group(scene=scene)) for member in members]


def _members(push: Document) -> Iterator[str]:
    """The external contacts of a list, whether it holds one or several."""
    listed = push.get("memchangelist")
    items = listed.get("item") if isinstance(listed, dict) else listed
    named = ",".join(one for one in (items if isinstance(items, list) else [items]) if isinstance(one, str))
    for one in named.split(",")[:_MEMBERS_MAX]:
        member = one.strip()
        if member.startswith(_EXTERNAL):
            yield member


_CONTACT, _CHAT, _TAG = "change_external_contact", "change_external_chat", "change_external_tag"
_READERS: dict[tuple[str, str], Reader] = {
    (_CONTACT, "add_external_contact"): _added,
    (_CONTACT, "add_half_external_contact"): _added,
    (_CONTACT, "del_follow_user"): _parted,
    (_CONTACT, "edit_external_contact"): _noted("userid"),
    (_CONTACT, "del_external_contact"): _deleted,
    (_CONTACT, "transfer_fail"): _noted("userid", "failreason"),
    (_CONTACT, "msg_audit_approved"): _noted("userid"),
    (_CHAT, "create"): _group_noted("group_opened"),
    (_CHAT, "update"): _group_changed,
    (_CHAT, "dismiss"): _group_noted("group_closed"),
    (_TAG, ""): _noted("tagtype", reference="id"),
    ("kf_msg_or_event", ""): _noted(reference="openkfid"),
}
