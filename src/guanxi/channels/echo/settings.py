"""What an echo account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting("address", "Address of the receiver", "Such as http://127.0.0.1:8025."),
    Setting("secret", "Secret", "The one that the receiver knows too.", is_secret=True),
)
