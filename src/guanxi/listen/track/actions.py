"""Makes and revokes write keys, and settles what lies in quarantine."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from guanxi.listen.models import WriteKey
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused


def key_hash(key: str) -> bytes:
    """Under what a write key is kept; keys are random, so no salt is needed."""
    return hashlib.sha256(key.encode()).digest()


def make_write_key(actor: Actor, name: str, platform: str, account: str) -> str:
    """A client may send as this source with the returned key, which is kept nowhere."""
    require(actor, Permission.CHANGE_SETTINGS)
    if platform not in set(Platform):
        raise Refused("platform_unknown", platform)
    key = secrets.token_urlsafe(24)
    with transaction(RELATIONSHIP):
        if WriteKey.objects.filter(name=name).exists():
            raise Refused("name_taken", name)
        made = WriteKey.objects.create(name=name, key_hash=key_hash(key), platform=platform, account=account)
        record(RELATIONSHIP, actor, "write_key_made", f"write_key:{made.pk}", {"name": name})
    return key


def revoke_write_key(actor: Actor, key_id: int, revoked_at: datetime) -> None:
    """The key opens no door any more, within five seconds."""
    require(actor, Permission.CHANGE_SETTINGS)
    with transaction(RELATIONSHIP):
        if not WriteKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=revoked_at):
            raise Refused("no_such_write_key", str(key_id))
        record(RELATIONSHIP, actor, "write_key_revoked", f"write_key:{key_id}")
