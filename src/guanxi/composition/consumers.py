"""Which consumer reads which queue: the plugs of the house, withdrawals of consent first."""

from __future__ import annotations

from functools import lru_cache

from guanxi.consent.consumers import ConsentConsumer, FollowConsumer
from guanxi.customers.digest import CustomersDigest
from guanxi.listen.deliver import deliver
from guanxi.listen.ports import Consumer, Queue
from guanxi.records.databases import CUSTOMERS
from guanxi.records.installation import Installation
from guanxi.social.digest import SocialDigest
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress


@lru_cache(maxsize=1)
def consumers() -> tuple[Consumer, ...]:
    """Every consumer, in the order in which one turn calls them."""
    pepper = Installation.current().secrets.pepper
    return (
        ConsentConsumer(Side.SOCIAL),
        ConsentConsumer(Side.CUSTOMERS),
        FollowConsumer(),
        CustomersDigest(pepper),
        SocialDigest(pepper),
        SocialDigest(pepper, "social_from_customers", Queue(CUSTOMERS, "published", "activities")),
    )


def hear(tell: Progress = SILENT) -> int:
    """Whatever was accepted before the call has had its effects in every database; says how many rows moved."""
    moved = 0
    tell.begin("digest")
    while turn := sum(deliver(consumer, tell) for consumer in consumers()):
        moved += turn
    tell.end()
    return moved
