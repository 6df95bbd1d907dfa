"""What an e-mail account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "hook_secret",
        "Secret of your choice under which the mail host signs each message it posts (X-Guanxi-Signature).",
        is_secret=True,
    ),
    Setting(
        "address",
        "The brand's own address, so that its own messages are not taken for replies.",
        required=False,
    ),
)
