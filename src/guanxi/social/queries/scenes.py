"""What came of the brand's QR pictures: scans, fans and new followers of each scene."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.records.actor import Actor, Permission, require
from guanxi.social.models import Account


@dataclass(frozen=True, slots=True)
class SceneCount:
    """One scene of one account; ``fans`` and ``followed`` count each fan once."""

    platform: str
    account: str
    code: str
    scans: int
    fans: int
    followed: int
    last_at: datetime


def scene_counts(actor: Actor, engine: Engine) -> dict[tuple[str, str, str], SceneCount]:
    """What came of every scene that anybody scanned, by platform, account and code."""
    require(actor, Permission.SEE_SOCIAL)
    places = {account.pk: (account.platform, account.name) for account in Account.objects.all()}
    counts = [
        SceneCount(*places[row.pop("account")], **row)
        for row in engine.ask(sql("guanxi.social", "scenes")).to_pylist()
    ]
    return {(one.platform, one.account, one.code): one for one in counts}
