"""Which desk answers which first word of a path: the one place where desks are named."""

from __future__ import annotations

from guanxi.listen.door.group import Committers
from guanxi.listen.door.http import Desk
from guanxi.listen.hooks.desk import HookDesk
from guanxi.listen.shares.desks import open_share_desks
from guanxi.listen.track.desk import TrackDesk
from guanxi.listen.viewers.mini import MiniDesk
from guanxi.listen.viewers.oauth import OAuthDesk
from guanxi.listen.viewers.page_signing import PageSigning


def open_desks(committers: Committers) -> dict[str, Desk]:
    """Every desk of the front door; they share what makes things durable."""
    return {
        "v1": TrackDesk(committers),
        "hooks": HookDesk(committers),
        "oauth": OAuthDesk(committers),
        "mini": MiniDesk(committers),
        **open_share_desks({"wx-signature": PageSigning().answer}),
    }
