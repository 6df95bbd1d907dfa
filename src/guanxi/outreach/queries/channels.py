"""The channels through which messages can leave now: platforms that can send and have an account set up."""

from __future__ import annotations

import json
from functools import lru_cache

from guanxi.channels.port import Channel
from guanxi.channels.registry import can_send, open_channel
from guanxi.records.accounts import opened_accounts


def open_channels() -> dict[str, Channel]:
    """An open channel for every platform with settings, by its first account; connections are kept."""
    found: dict[str, Channel] = {}
    for account in opened_accounts():
        if account.platform not in found and account.settings and can_send(account.platform):
            settings = json.dumps(account.settings, sort_keys=True)
            found[account.platform] = _opened(account.platform, settings)
    return found


@lru_cache(maxsize=32)
def _opened(platform: str, settings: str) -> Channel:
    return open_channel(platform, json.loads(settings))
