"""The states of campaigns and deliveries, and which deliveries count as contact."""

from __future__ import annotations

from enum import StrEnum


class CampaignState(StrEnum):
    """How far a campaign has come."""

    DRAFT = "draft"
    PLANNED = "planned"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"


class DeliveryState(StrEnum):
    """What became of one message; `unknown` is parked and never sent again."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


PLANNABLE = frozenset({CampaignState.DRAFT, CampaignState.PLANNED, CampaignState.SENDING})
COUNTED = (DeliveryState.QUEUED, DeliveryState.LEASED, DeliveryState.SENT, DeliveryState.UNKNOWN)
"""Deliveries that caps count: what was or may have been heard, and what is about to be."""
