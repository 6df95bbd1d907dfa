"""LINE's Messaging API as its reference describes it, small: stateless tokens, friends, profiles, groups.

developers.line.biz/en/reference/messaging-api/: issue-stateless-channel-access-token, get-follower-ids, get-profile,
get-group-summary, get-group-member-user-ids, get-group-member-profile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from small_server import Answer, Asked, SmallServer, Words

CHANNEL, SECRET = "1656000000", "8c570fa6dd201bb328f1c1eac23a96d8"
FRIENDS = "/v2/bot/followers/ids"


def user(number: int) -> str:
    return f"U{number:032x}"


def group(number: int) -> str:
    return f"C{number:032x}"


@dataclass
class SmallLine(SmallServer):
    """``hidden`` friends are on other devices than phones, and are left out of lists."""

    is_verified: bool = True
    page: int = 2
    tokens: list[str] = field(default_factory=list)
    friends: dict[str, Words] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    groups: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def befriend(self, number: int, name: str, language: str = "") -> str:
        said = {"displayName": name, "userId": user(number), "pictureUrl": "https://profile.line-scdn.net/x"}
        self.friends[user(number)] = {**said, "language": language} if language else said
        return user(number)

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/oauth2/v3/token":
            return self._token(asked)
        if asked.headers.get("Authorization") != f"Bearer {(self.tokens or [''])[-1]}":
            return 401, {"message": "Authentication failed. Confirm that the access token is valid."}
        if asked.path == FRIENDS:
            return self._list(asked, "userIds", [one for one in self.friends if one not in self.hidden])
        parts = asked.path.removeprefix("/v2/bot/").split("/")
        if parts[0] == "profile":
            return _or_missing(self.friends.get(parts[1]))
        return self._group(asked, parts[1], parts[2:])

    def _token(self, asked: Asked) -> Answer:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        wanted = {"grant_type": "client_credentials", "client_id": CHANNEL, "client_secret": SECRET}
        if form != wanted or asked.headers["Content-Type"] != "application/x-www-form-urlencoded":
            return 400, {"error": "invalid_client", "error_description": "invalid client_id or client_secret"}
        self.tokens.append(f"stateless-{len(self.tokens)}")
        return 200, {"token_type": "Bearer", "access_token": self.tokens[-1], "expires_in": 900}

    def _group(self, asked: Asked, group_id: str, rest: list[str]) -> Answer:
        if group_id not in self.groups:
            return _or_missing(None)
        name, members = self.groups[group_id]
        if rest == ["summary"]:
            return 200, {"groupId": group_id, "groupName": name}
        if rest == ["members", "ids"]:
            return self._list(asked, "memberIds", list(members))
        known = members.get(rest[1])
        return _or_missing({"displayName": known, "userId": rest[1]} if known else None)

    def _list(self, asked: Asked, name: str, ids: list[str]) -> Answer:
        if not self.is_verified:
            return 403, {"message": "Access to this API is not available for your account"}
        start = int(asked.query.get("start") or 0)
        following = {"next": str(start + self.page)} if start + self.page < len(ids) else {}
        return 200, {name: ids[start : start + self.page], **following}


def _or_missing(found: Words | None) -> Answer:
    return (200, found) if found else (404, {"message": "Not found"})
