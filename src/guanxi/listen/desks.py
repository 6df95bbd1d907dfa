"""Which desk answers which first word of a path: the one place where desks are named."""

from __future__ import annotations

from guanxi.listen.group import Committers
from guanxi.listen.hooks import HookDesk
from guanxi.listen.http import Desk
from guanxi.listen.mini import MiniDesk
from guanxi.listen.oauth import OAuthDesk
from guanxi.listen.page_signing import PageSigning
from guanxi.listen.share_desks import open_share_desks
from guanxi.listen.track_desk import TrackDesk


def open_desks(committers: Committers) -> dict[str, Desk]:
    """Every desk of the front door; they share what makes things durable."""
    return {
        "v1": TrackDesk(committers),
        "hooks": HookDesk(committers),
        "oauth": OAuthDesk(committers),
        "mini": MiniDesk(committers),
        **open_share_desks({"wx-signature": PageSigning().answer}),
    }
