"""What a WeChat account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SERVICE = "service"
SETTINGS = (
    Setting("app_id", "AppID", "From the platform's page “Basic configuration”; begins with wx."),
    Setting(
        "kind",
        "Sort of account",
        "What it is at WeChat; only a service account makes QR pictures that tell who came by them.",
        required=False,
        choices={
            "service": "service account",
            "subscription": "subscription account",
            "program": "mini-program",
        },
        default=SERVICE,
    ),
    Setting(
        "app_secret",
        "AppSecret",
        "From the same page; needed to call the platform, not to hear it.",
        is_secret=True,
        required=False,
    ),
    Setting(
        "token",
        "Token (you choose it)",
        "3 to 32 letters and digits of your choice, entered here and at WeChat.",
        is_secret=True,
    ),
    Setting(
        "mode",
        "How messages are sent",
        "As chosen at WeChat; encrypted is the one to choose.",
        required=False,
        choices={"safe": "encrypted (safe)", "compat": "both (compatible)", "plain": "unencrypted (plain)"},
        default="safe",
    ),
    Setting(
        "aes_key",
        "EncodingAESKey",
        "43 letters and digits, drawn at WeChat.",
        is_secret=True,
        required=False,
        needed_unless=("mode", "plain"),
    ),
    Setting(
        "window_minutes",
        "Minutes a message may be late",
        "Older or earlier ones are refused; 0 switches the check off.",
        required=False,
        default="30",
    ),
    Setting(
        "keep_location",
        "Keep places",
        "Whether places that people report are kept: not at all, or rounded to about 11 km.",
        required=False,
        choices={"no": "no", "coarse": "rounded"},
        default="no",
    ),
    Setting(
        "api_address",
        "Fake platform, to try things out",
        "Its address on this machine; empty for the platform itself.",
        required=False,
    ),
)
