"""Asks wechatpy, in a process of its own, what it makes of pushes and replies; run with it on the path."""

import json
import sys

from wechatpy.crypto import WeChatCrypto
from wechatpy.parser import parse_message

_ASKED = ("id", "source", "target", "content", "key", "scene_id", "media_id", "url", "status", "template_id")


def parsed(xml):
    message = parse_message(xml)
    said = {name: getattr(message, name, None) for name in _ASKED}
    said = {name: value for name, value in said.items() if isinstance(value, (str, int))}
    return {"class": type(message).__name__, "data": message._data, "said": said}


def main():
    asked = json.load(sys.stdin)
    crypto = WeChatCrypto(asked["token"], asked["key"], asked["app"])
    answer = {
        "parsed": [parsed(xml) for xml in asked.get("parse", [])],
        "encrypted": [
            crypto.encrypt_message(text, "nonce", "1700000000") for text in asked.get("encrypt", [])
        ],
        "decrypted": [
            crypto.decrypt_message(xml, signed, timestamp, nonce)
            for xml, signed, timestamp, nonce in asked.get("decrypt", [])
        ],
    }
    json.dump(answer, sys.stdout)


main()
