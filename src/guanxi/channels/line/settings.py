"""What a LINE account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "channel_secret",
        "Channel secret, from the LINE Developers console, “Basic settings” of the Messaging API channel.",
        is_secret=True,
    ),
)
