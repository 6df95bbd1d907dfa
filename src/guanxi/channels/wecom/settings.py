"""What a WeCom account is told."""

from __future__ import annotations

from guanxi.channels.hook import Setting

SETTINGS = (
    Setting("corp_id", "Corporation id (企业ID), from “My company”; begins with ww or wx."),
    Setting("token", "Token of “Receive event server” under customer contact (客户联系).", is_secret=True),
    Setting("aes_key", "EncodingAESKey of the same page: 43 letters and digits.", is_secret=True),
    Setting(
        "secret",
        "Secret of your own application that may call customer contact (客户联系可调用接口的应用); "
        "needed to ask for contacts, tags and groups, not to hear them.",
        is_secret=True,
        required=False,
    ),
    Setting(
        "api_address",
        "Address of a fake platform on this machine, to try things out; empty for the platform itself.",
        required=False,
    ),
)
