"""Tells platforms of tags that were put on fans here; a platform without tags keeps them here only.

Telling twice changes nothing, so a crash between the platform's answer and our note is harmless.
"""

from __future__ import annotations

from datetime import datetime

import httpx

from guanxi.channels.asking import takes_tags
from guanxi.composition.asking import directory_of
from guanxi.records.accounts import OpenAccount, opened_accounts
from guanxi.social.actions_tags import leave_orders, settle_orders
from guanxi.social.queries.tag_orders import TagBatch, waiting_batches
from guanxi.vocabulary.reasons import Refused

KEPT_HERE = "platform_has_no_tags"


def deliver_tags(now: datetime) -> int:
    """Every tag that waits has been told to its platform, or has its reason; says how many fans were told of."""
    batches = waiting_batches()
    if not batches:
        return 0
    accounts = {(one.platform, one.name): one for one in opened_accounts()}
    return sum(_deliver(batch, accounts.get((batch.platform, batch.account)), now) for batch in batches)


def _deliver(batch: TagBatch, account: OpenAccount | None, now: datetime) -> int:
    if account is None or not takes_tags(batch.platform):
        leave_orders(batch.orders, KEPT_HERE, now, for_good=True)
        return 0
    try:
        known_as = _told(batch, account)
    except Refused as refused:
        leave_orders(batch.orders, refused.code, now)
        return 0
    except httpx.HTTPError:
        leave_orders(batch.orders, "platform_unreachable", now)
        return 0
    settle_orders(batch.orders, known_as, now)
    return len(batch.addresses)


def _told(batch: TagBatch, account: OpenAccount) -> str:
    directory = directory_of(account)
    try:
        return directory.set_tag(batch.tag, batch.name, batch.addresses, batch.wanted)
    finally:
        directory.close()
