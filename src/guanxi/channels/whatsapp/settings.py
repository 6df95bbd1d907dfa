"""What a WhatsApp account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting("app_secret", "App secret", "From the Meta app's “App settings · Basic”.", is_secret=True),
    Setting(
        "verify_token",
        "Verify token (you choose it)",
        "A text of your choice, entered here and in the app's webhook settings.",
        is_secret=True,
    ),
    Setting(
        "phone_number_id",
        "Phone number ID",
        "Of this account, where one webhook serves several numbers; others are set aside.",
        required=False,
    ),
)
