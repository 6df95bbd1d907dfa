"""What a LINE account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "channel_secret",
        "Channel secret, from the LINE Developers console, “Basic settings” of the Messaging API channel.",
        is_secret=True,
    ),
    Setting(
        "channel_id",
        "Channel ID, from the same page; needed to ask for names, friends and groups, not to hear them.",
        required=False,
    ),
    Setting(
        "access_token",
        "Long-lived channel access token, where you would rather give one than the channel ID.",
        is_secret=True,
        required=False,
    ),
    Setting(
        "api_address",
        "Address of a fake platform on this machine, to try things out; empty for the platform itself.",
        required=False,
    ),
)
