"""Bodies that no reader may open: one that asks for a file, one that grows without end, one that is too long."""

from __future__ import annotations

from guanxi.channels.wechat.fake.chaos import Chaos, Switch

_FILE = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<xml><MsgType>text</MsgType><FromUserName>oHostile</FromUserName><Content>&file;</Content></xml>"""
_HUGE_BYTES = (1 << 20) + 1


def _laughs() -> bytes:
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE xml [<!ENTITY l0 "ha">{grown}]><xml><Content>&l9;</Content></xml>'.encode()


def _huge() -> bytes:
    return b"<xml><Content>" + b"x" * _HUGE_BYTES + b"</Content></xml>"


def hostile_body(chaos: Chaos) -> bytes | None:
    """The hostile body whose switch strikes now, if one does."""
    if chaos.strikes(Switch.DOCTYPE):
        return _FILE
    if chaos.strikes(Switch.LAUGHS):
        return _laughs()
    return _huge() if chaos.strikes(Switch.HUGE) else None
