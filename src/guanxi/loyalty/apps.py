"""Django's name for this room, and the one port it answers in every process that can change a link."""

from __future__ import annotations

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    """Registers the room's models, and lets the ledger follow links."""

    name = "guanxi.loyalty"
    label = "loyalty"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wherever links can be undone, what was earned by them is taken back in the same transaction."""
        from guanxi.correlation.ports import plug
        from guanxi.loyalty.membership import MembershipFollowsLinks

        plug("loyalty", MembershipFollowsLinks())
