"""What a platform told as rows of an inbox, each under the 16 bytes by which it is counted once; pure."""

from __future__ import annotations

import hashlib
import json

from guanxi.channels.hook import Told
from guanxi.listen.rows import Row
from guanxi.records.register import Place
from guanxi.vocabulary.activity import KEY_BYTES


def key_of(source: str, identity: str) -> bytes:
    """The key of whatever goes by this identity at this source."""
    named = f"{source}\0{identity}".encode(errors="replace")
    return hashlib.blake2b(named, digest_size=KEY_BYTES).digest()


def row_of(source: str, place: Place, told: Told, identity: str) -> Row:
    """An activity of the account.

    Args:
        source: whose word it is.
        place: the account.
        told: what was told.
        identity: under which it is counted once.
    """
    return {
        "key": key_of(source, identity),
        "kind": told.kind.value,
        "platform": place.platform,
        "account": place.account,
        "actor": told.actor,
        "through": told.through,
        "content": told.content,
        "campaign": told.campaign,
        "happened_at": told.happened_at,
        "reference": told.reference,
        "traits": _whole(json.dumps(dict(told.traits), ensure_ascii=False)) if told.traits else None,
    }


def _whole(text: str) -> str:
    """Names come cut in the middle of an emoji; half characters are none that a store takes."""
    return text.encode(errors="replace").decode()
