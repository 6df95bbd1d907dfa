"""WeCom's customer contact API as its pages describe it, small: employees, contacts, tags, groups.

developer.work.weixin.qq.com/document/path/91039, 92571, 92994, 92114, 92117, 92118, 92120, 92122.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from small_server import Answer, Asked, SmallServer, Words

CORP, SECRET = "ww5f4c472a66331eeb", "a-secret-of-the-application"
CUSTOMERS = "/cgi-bin/externalcontact"


@dataclass
class Added:
    """What an employee knows of a contact."""

    createtime: int
    state: str = ""
    add_way: int = 1
    tags: set[str] = field(default_factory=set)


@dataclass
class SmallWeCom(SmallServer):
    """Pages hold ``page`` rows; ``tokens`` grows with every new token."""

    page: int = 2
    tokens: list[str] = field(default_factory=list)
    people: dict[str, Words] = field(default_factory=dict)
    staff: dict[str, dict[str, Added]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Words] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    unlicensed: list[str] = field(default_factory=list)

    def meet(self, external_id: str, name: str, **more: Any) -> str:
        self.people[external_id] = {
            "external_userid": external_id,
            "name": name,
            "type": 1,
            "gender": 0,
            **more,
        }
        return external_id

    def add(self, staff: str, external_id: str, createtime: int, **more: Any) -> Added:
        self.staff.setdefault(staff, {})[external_id] = Added(createtime, **more)
        return self.staff[staff][external_id]

    def open_group(self, owner: str, chat_id: str, name: str, createtime: int, *members: Words) -> None:
        self.owners[chat_id] = owner
        of_staff = {"userid": owner, "type": 1, "join_time": createtime, "join_scene": 1, "name": owner}
        self.groups[chat_id] = {
            "chat_id": chat_id,
            "name": name,
            "owner": owner,
            "create_time": createtime,
            "member_list": [of_staff, *members],
        }

    def end_token(self) -> None:
        """The token is good no more, before its time."""
        self.tokens.append(f"token-{len(self.tokens)}")

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/gettoken":
            return 200, self._token(asked)
        if not self.tokens or asked.query.get("access_token") != self.tokens[-1]:
            return 200, error(40014, "invalid access_token")
        deed = getattr(self, "_" + asked.path.removeprefix(CUSTOMERS + "/").replace("/", "_"))
        return 200, {"errcode": 0, "errmsg": "ok", **deed(asked)}

    def _token(self, asked: Asked) -> Words:
        if asked.query.get("corpid") != CORP:
            return error(40013, "invalid corpid")
        if asked.query.get("corpsecret") != SECRET:
            return error(40001, "invalid credential")
        if not self.tokens:
            self.end_token()
        return {"errcode": 0, "errmsg": "ok", "access_token": self.tokens[-1], "expires_in": 7200}

    def _get_follow_user_list(self, asked: Asked) -> Words:
        return {"follow_user": list(self.staff)}

    def _batch_get_by_user(self, asked: Asked) -> Words:
        named = [one for one in asked.words["userid_list"] if one not in self.unlicensed]
        missing = [one for one in asked.words["userid_list"] if one in self.unlicensed]
        total = sum(len(self.staff[staff]) for staff in named)
        if not total:
            return error(84061, "not external contact")
        start = int(asked.words.get("cursor") or 0)
        end = start + min(self.page, asked.words.get("limit", 100))
        rows = [
            {
                "external_contact": self.people[external_id],
                "follow_info": {**self._follow(staff, added), "tag_id": sorted(added.tags)},
            }
            for staff, external_id, added in self._between(named, start, end)
        ]
        fail = {"fail_info": {"unlicensed_userid_list": missing}} if missing else {}
        return {"external_contact_list": rows, "next_cursor": str(end) if end < total else "", **fail}

    def _between(self, named: list[str], start: int, end: int) -> Iterator[tuple[str, str, Added]]:
        """The contacts of these employees from one place to another; those before are not even looked at."""
        for staff in named:
            contacts = self.staff[staff]
            for external_id, added in islice(contacts.items(), max(start, 0), max(end, 0)):
                yield staff, external_id, added
            start, end = start - len(contacts), end - len(contacts)

    def _get(self, asked: Asked) -> Words:
        external_id = asked.query["external_userid"]
        rows = [
            {
                **self._follow(staff, contacts[external_id]),
                "tags": [
                    {"group_name": "g", "tag_name": self.tags[tag], "tag_id": tag, "type": 1}
                    for tag in sorted(contacts[external_id].tags)
                ]
                + [{"group_name": "g", "tag_name": "an employee's own", "type": 2}],
            }
            for staff, contacts in self.staff.items()
            if external_id in contacts
        ]
        if not rows:
            return error(84061, "not external contact, hint: [1], from ip: 203.0.113.9, more info at …")
        return {
            "external_contact": self.people[external_id],
            **self._cut(asked.query.get("cursor"), "follow_user", rows),
        }

    def _get_corp_tag_list(self, asked: Asked) -> Words:
        rows = [{"id": tag, "name": name, "create_time": 1, "order": 1} for tag, name in self.tags.items()]
        gone = {"id": "et-gone", "name": "VIP", "deleted": True}
        return {"tag_group": [{"group_id": "eg1", "group_name": "g", "tag": [gone, *rows]}]}

    def _add_corp_tag(self, asked: Asked) -> Words:
        (wanted,) = asked.words["tag"]
        if wanted["name"] in self.tags.values():
            return error(40071, "UserTag Name Already Exist")
        made = f"et{len(self.tags) + 1}"
        self.tags[made] = wanted["name"]
        group = {"group_id": "eg2", "group_name": asked.words["group_name"]}
        return {"tag_group": {**group, "tag": [{"id": made, "name": wanted["name"]}]}}

    def _mark_tag(self, asked: Asked) -> Words:
        words = asked.words
        added = self.staff.get(words["userid"], {}).get(words["external_userid"])
        if added is None:
            return error(84061, "not external contact")
        added.tags |= set(words.get("add_tag", ()))
        added.tags -= set(words.get("remove_tag", ()))
        return {}

    def _groupchat_list(self, asked: Asked) -> Words:
        owners = asked.words["owner_filter"]["userid_list"]
        rows = [{"chat_id": one, "status": 0} for one, owner in self.owners.items() if owner in owners]
        return self._cut(asked.words.get("cursor"), "group_chat_list", rows)

    def _groupchat_get(self, asked: Asked) -> Words:
        found = self.groups.get(asked.words["chat_id"])
        return {"group_chat": found} if found else error(49008, "group is dismissed")

    def _follow(self, staff: str, added: Added) -> Words:
        said = {"userid": staff, "remark": "", "createtime": added.createtime, "add_way": added.add_way}
        return {**said, "state": added.state} if added.state else said

    def _cut(self, cursor: str | None, name: str, rows: list[Words]) -> Words:
        start = int(cursor or 0)
        following = str(start + self.page) if start + self.page < len(rows) else ""
        return {name: rows[start : start + self.page], "next_cursor": following}


def error(errcode: int, errmsg: str) -> Words:
    return {"errcode": errcode, "errmsg": errmsg}
