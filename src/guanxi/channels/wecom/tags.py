"""A corporation's tags: which there are, and how one is given; an employee gives it to a contact of theirs.

https://developer.work.weixin.qq.com/document/path/92117 (get_corp_tag_list, add_corp_tag), 92118 (mark_tag). Tags of
an employee's own are not the corporation's and have no id here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from guanxi.channels.directory import PlatformTag
from guanxi.channels.errors import PlatformRefused
from guanxi.channels.reading import each_at, text_at
from guanxi.channels.wecom.client import WeComClient
from guanxi.channels.wecom.contacts import NOT_A_CONTACT, Addition, contact
from guanxi.vocabulary.reasons import Refused

GROUP = "Guanxi"
"""In which group a tag is made that was named here first."""

_LATE = datetime.max.replace(tzinfo=UTC)


def corporation_tags(client: WeComClient) -> tuple[PlatformTag, ...]:
    """The corporation's tags that are in use."""
    found = client.post("/cgi-bin/externalcontact/get_corp_tag_list", {})
    return tuple(
        PlatformTag(text_at(tag, "id"), text_at(tag, "name"))
        for group in each_at(found, "tag_group")
        for tag in each_at(group, "tag")
        if tag.get("deleted") is not True and text_at(tag, "id")
    )


def create_tag(client: WeComClient, name: str) -> str:
    """The corporation has a tag of this name; its id."""
    asked = {"group_name": GROUP, "tag": [{"name": name}]}
    made = client.post("/cgi-bin/externalcontact/add_corp_tag", asked).get("tag_group")
    ids = [text_at(tag, "id") for tag in each_at({"made": [made]}, "made") for tag in each_at(tag, "tag")]
    if not ids or not ids[-1]:
        raise Refused("platform_unreadable", "wecom: add_corp_tag")
    return ids[-1]


def mark(client: WeComClient, tag: str, external_id: str, wanted: bool) -> None:
    """The contact carries the tag, or no longer does; whom nobody has added any more is passed over."""
    found = contact(client, external_id)
    for addition in _to_mark(found.additions, tag, wanted) if found else ():
        change = {"add_tag" if wanted else "remove_tag": [tag]}
        try:
            client.post(
                "/cgi-bin/externalcontact/mark_tag",
                {"userid": addition.staff, "external_userid": external_id, **change},
            )
        except PlatformRefused as refused:
            if refused.errcode not in NOT_A_CONTACT:
                raise


def _to_mark(additions: Sequence[Addition], tag: str, wanted: bool) -> Sequence[Addition]:
    """A tag is put on by the employee who came first, and taken off by everybody who put it on."""
    wearing = [addition for addition in additions if tag in addition.tags]
    if not wanted:
        return wearing
    return [] if wearing else sorted(additions, key=lambda one: one.since or _LATE)[:1]
