"""What a WeChat account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting("app_id", "AppID, from the platform's page “Basic configuration”; begins with wx."),
    Setting(
        "app_secret",
        "AppSecret, from the same page; needed to call the platform, not to hear it.",
        is_secret=True,
        required=False,
    ),
    Setting(
        "token", "Token: 3 to 32 letters and digits of your choice, entered here and there.", is_secret=True
    ),
    Setting(
        "mode",
        "How the platform sends messages, as chosen there; safe is encrypted and the one to choose.",
        required=False,
        choices=("safe", "compat", "plain"),
        default="safe",
    ),
    Setting(
        "aes_key",
        "EncodingAESKey: 43 letters and digits, drawn there; needed in the modes safe and compat.",
        is_secret=True,
        required=False,
        needed_unless=("mode", "plain"),
    ),
    Setting(
        "window_minutes",
        "How many minutes a message may be old or early before it is refused; 0 switches the check off.",
        required=False,
        default="30",
    ),
    Setting(
        "keep_location",
        "Whether places that people report are kept: not at all, or rounded to about 11 km.",
        required=False,
        choices=("no", "coarse"),
        default="no",
    ),
    Setting(
        "api_address",
        "Address of a fake WeChat on this machine, to try things out; empty for WeChat itself.",
        required=False,
    ),
)
