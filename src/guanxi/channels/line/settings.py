"""What a LINE account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "channel_secret",
        "Channel secret",
        "From the LINE Developers console, “Basic settings” of the Messaging API channel.",
        is_secret=True,
    ),
    Setting(
        "channel_id",
        "Channel ID",
        "From the same page; needed to ask for names, friends and groups, not to hear them.",
        required=False,
    ),
    Setting(
        "access_token",
        "Channel access token",
        "A long-lived one, where you would rather give that than the channel ID.",
        is_secret=True,
        required=False,
    ),
    Setting(
        "api_address",
        "Fake platform, to try things out",
        "Its address on this machine; empty for the platform itself.",
        required=False,
    ),
)
