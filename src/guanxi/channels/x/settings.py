"""What an X account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting(
        "consumer_secret",
        "API key secret (consumer secret)",
        "From the X developer portal, “Keys and tokens” of the app.",
        is_secret=True,
    ),
    Setting(
        "user_id",
        "The account's own number",
        "Its numeric id; without it the id that each request names is believed.",
        required=False,
    ),
)
