"""The channels through which messages can leave now: platforms that can send and have an account set up."""

from __future__ import annotations

import json
from functools import lru_cache

from guanxi.channels.port import Channel
from guanxi.channels.registry import can_send, open_channel
from guanxi.records.models import ChannelAccount


def open_channels() -> dict[str, Channel]:
    """An open channel for every platform with settings, by its first account; connections are kept."""
    found: dict[str, Channel] = {}
    for platform, settings in ChannelAccount.objects.order_by("pk").values_list("platform", "settings"):
        if platform not in found and settings and can_send(platform):
            found[platform] = _opened(platform, json.dumps(settings, sort_keys=True))
    return found


@lru_cache(maxsize=32)
def _opened(platform: str, settings: str) -> Channel:
    return open_channel(platform, json.loads(settings))
