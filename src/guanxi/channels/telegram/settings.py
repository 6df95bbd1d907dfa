"""What a Telegram account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "secret_token",
        "Secret token (you choose it)",
        "16 to 256 letters, digits, _ and - of your choice, given to setWebhook as secret_token.",
        is_secret=True,
    ),
)
