"""Puts tags on WeChat's followers and takes them off; a tag that is not there is made under its name."""

from __future__ import annotations

from collections.abc import Sequence

from guanxi.channels.wechat.client import WeChatClient
from guanxi.channels.wechat.tags import create_tag, tag_followers, tags, untag_followers


class WeChatTags:
    """The tags of one account (`guanxi.channels.port.TagSink`)."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    def set_tag(self, tag: str, name: str, addresses: Sequence[str], wanted: bool) -> str:
        """All of them carry the tag, or none does; says the platform's id of the tag."""
        known = {key: one.id for one in tags(self._client) for key in (one.name, str(one.id))}
        number = known.get(tag) or known.get(name)
        if number is None:
            if not wanted:
                return tag
            number = create_tag(self._client, name).id
        change = tag_followers if wanted else untag_followers
        change(self._client, number, addresses)
        return str(number)

    def close(self) -> None:
        """Connections are closed."""
        self._client.close()
