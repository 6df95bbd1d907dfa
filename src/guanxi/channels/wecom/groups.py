"""A corporation's customer groups, as WeCom's API tells: their names and who is in them since when.

https://developer.work.weixin.qq.com/document/path/92120 (groupchat/list), 92122 (groupchat/get). Members who are of
the corporation are no fans and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from guanxi.channels.directory import Group, Member
from guanxi.channels.errors import PlatformRefused
from guanxi.channels.reading import Object, each_at, moment_at, object_at, text_at
from guanxi.channels.wecom.client import WeComClient
from guanxi.channels.wecom.contacts import by_hundreds

KIND = "customer_group"
PAGE = 1_000
_DISSOLVED = 49008
_EXTERNAL = "2"
_NEVER = datetime.fromtimestamp(0, UTC)


def group_ids(client: WeComClient, owners: Sequence[str]) -> Iterator[str]:
    """The groups of these employees; WeCom wants owners named where there are more than a thousand of them."""
    for some in by_hundreds(owners):
        asked = {"owner_filter": {"userid_list": list(some)}, "limit": PAGE}
        for page in client.pages("/cgi-bin/externalcontact/groupchat/list", asked):
            for row in each_at(page, "group_chat_list"):
                if chat_id := text_at(row, "chat_id"):
                    yield chat_id


def group(client: WeComClient, chat_id: str) -> Group | None:
    """One group; closed where it was dissolved, None where the application may not see it."""
    asked = {"chat_id": chat_id, "need_name": 1}
    try:
        answer = client.post("/cgi-bin/externalcontact/groupchat/get", asked)
    except PlatformRefused as refused:
        if refused.errcode == _DISSOLVED:
            return Group(chat_id, kind=KIND, is_open=False)
        if refused.meaning.failure is None:
            return None
        raise
    said = object_at(answer, "group_chat")
    rows = (row for row in each_at(said, "member_list") if text_at(row, "type") == _EXTERNAL)
    members = tuple(_member(row) for row in rows if text_at(row, "userid"))
    return Group(chat_id, text_at(said, "name"), KIND, True, _moment(said, "create_time"), members)


def _member(row: Object) -> Member:
    return Member(
        text_at(row, "userid"), _moment(row, "join_time"), text_at(row, "name"), text_at(row, "unionid")
    )


def _moment(said: Object, name: str) -> datetime | None:
    found = moment_at(said, name, otherwise=_NEVER)
    return None if found == _NEVER else found
