"""What an e-mail account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "hook_secret",
        "Signing secret (you choose it)",
        "Under it the mail host signs each message that it posts (X-Guanxi-Signature).",
        is_secret=True,
    ),
    Setting(
        "address",
        "The brand's own address",
        "So that its own messages are not taken for replies.",
        required=False,
    ),
)
