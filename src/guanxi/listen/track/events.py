"""Which activity each event name of Segment's documented vocabulary tells of, and which property names what.

A table and nothing else: a name that is not in it, and that no marketer has mapped, is kept in quarantine.
Source of the names: segment.com/docs/connections/spec (ecommerce v2, email, mobile, video, live chat, SaaS).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from guanxi.vocabulary.activity import Kind

CONTENT = ("content_id", "product_id", "sku", "url")


@dataclass(frozen=True, slots=True)
class Rule:
    """What an event tells.

    Attributes:
        kind: of the activity.
        content: the properties that may name what it is about; the first that is there holds.
        reference: the properties that may name what it points at.
    """

    kind: Kind
    content: tuple[str, ...] = CONTENT
    reference: tuple[str, ...] = ("order_id", "token")


@lru_cache(maxsize=4096)
def name_of(event: str) -> str:
    """The event's name as it is looked up: case and spacing say nothing.

    >>> name_of("  Order   Completed ")
    'order completed'
    """
    return " ".join(event.split()).casefold()


def _all(kind: Kind, *names: str, content: tuple[str, ...] = CONTENT) -> dict[str, Rule]:
    return {name: Rule(kind, content) for name in names}


EVENTS: Mapping[str, Rule] = {
    # of the brand's pages, and of our own
    "content viewed": Rule(Kind.VIEWED),
    "content liked": Rule(Kind.LIKED),
    "content commented": Rule(Kind.COMMENTED),
    "content shared": Rule(Kind.SHARED),
    "share opened": Rule(Kind.OPENED),
    "link clicked": Rule(Kind.CLICKED),
    "message received": Rule(Kind.MESSAGED),
    "followed": Rule(Kind.FOLLOWED),
    "unfollowed": Rule(Kind.UNFOLLOWED),
    "survey answered": Rule(Kind.ANSWERED, reference=("survey_id", "token")),
    "event attended": Rule(Kind.ATTENDED, reference=("event_id", "token")),
    "consent granted": Rule(Kind.CONSENTED),
    "consent withdrawn": Rule(Kind.WITHDREW),
    # ecommerce: browsing and promotions
    "products searched": Rule(Kind.CLICKED, ()),
    "product list viewed": Rule(Kind.VIEWED, ("list_id", "category")),
    "product list filtered": Rule(Kind.CLICKED, ("list_id", "category")),
    "promotion viewed": Rule(Kind.VIEWED, ("promotion_id", "name")),
    "promotion clicked": Rule(Kind.CLICKED, ("promotion_id", "name")),
    "product viewed": Rule(Kind.VIEWED),
    **_all(Kind.CLICKED, "product clicked", "product added", "product removed"),
    **_all(Kind.CLICKED, "product added to wishlist", "product removed from wishlist"),
    "wishlist product added to cart": Rule(Kind.CLICKED),
    # ecommerce: the cart and coupons
    "cart viewed": Rule(Kind.VIEWED, ("cart_id",)),
    **_all(Kind.CLICKED, "checkout started", "checkout step viewed", "checkout step completed", content=()),
    "payment info entered": Rule(Kind.CLICKED, ()),
    **_all(
        Kind.CLICKED,
        "coupon entered",
        "coupon applied",
        "coupon denied",
        "coupon removed",
        content=("coupon_id", "coupon_name"),
    ),
    # ecommerce: orders
    "order completed": Rule(Kind.ORDERED, ()),
    "order refunded": Rule(Kind.REFUNDED, ()),
    "order cancelled": Rule(Kind.REFUNDED, ()),
    # ecommerce: sharing and reviewing
    "product shared": Rule(Kind.SHARED),
    "cart shared": Rule(Kind.SHARED, ("cart_id", "url")),
    "product reviewed": Rule(Kind.COMMENTED, reference=("review_id",)),
    # e-mail, messages, calls to an application
    "email opened": Rule(Kind.VIEWED, ("email_id", "email_subject")),
    "email link clicked": Rule(Kind.CLICKED, ("link_url", "link_id", "email_id")),
    "email marked as spam": Rule(Kind.WITHDREW, ()),
    "unsubscribed": Rule(Kind.WITHDREW, ()),
    "live chat conversation started": Rule(Kind.MESSAGED, (), ("conversation_id",)),
    "live chat message sent": Rule(Kind.MESSAGED, (), ("conversation_id",)),
    "push notification tapped": Rule(Kind.CLICKED, ()),
    "deep link clicked": Rule(Kind.CLICKED, ("url",)),
    "deep link opened": Rule(Kind.VIEWED, ("url",)),
    "application opened": Rule(Kind.VIEWED, ("url",)),
    # video
    "video playback started": Rule(Kind.VIEWED, ("content_asset_id", "content_asset_ids", "session_id")),
    "video content started": Rule(Kind.VIEWED, ("asset_id", "title")),
    # accounts and invitations
    **_all(Kind.CLICKED, "signed up", "signed in", "trial started", content=()),
    "invite sent": Rule(Kind.SHARED, ("url",), ("invitee_id", "token")),
}
OF_MAIL = frozenset({"email marked as spam", "unsubscribed"})
