"""What a WeCom account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting("corp_id", "Corporation ID (企业ID)", "From “My company”; begins with ww or wx."),
    Setting("token", "Token", "Of “Receive event server” under customer contact (客户联系).", is_secret=True),
    Setting("aes_key", "EncodingAESKey", "From the same page: 43 letters and digits.", is_secret=True),
    Setting(
        "secret",
        "Secret",
        "Of your own application that may call customer contact (客户联系可调用接口的应用); "
        "needed to ask for contacts, tags and groups, not to hear them.",
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
