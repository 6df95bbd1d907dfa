"""What a first round needs where a marketer has made nothing yet: a programme, a segment and a campaign."""

from __future__ import annotations

from datetime import datetime

from guanxi.audiences import queries as audiences
from guanxi.audiences.actions import create_segment, evaluate_segment
from guanxi.consent.purpose import Purpose
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import Draft, create_campaign
from guanxi.outreach.queries.campaigns import campaigns
from guanxi.outreach.states import PLANNABLE
from guanxi.question.parser import parse
from guanxi.records.actor import SYSTEM
from guanxi.vocabulary.ids import Side, identity

SEGMENT = "People who move others"
QUESTION = "band in (igniter, amplifier) and not unfollowed"
CAMPAIGN = "A first word to people who move others"
TEXT = "Thank you for passing our stories on. Is there something you would like us to tell next?"


def invited() -> list[int]:
    """The identities of fans whom a person invited as ambassadors."""
    return [identity(Side.SOCIAL, fan) for fan in influence.invited_fans(SYSTEM)]


def first_segment(engine: Engine, as_of: datetime) -> tuple[int, int]:
    """The segment of people who move others is answered as of then; says its id and size."""
    known = next((row.id for row in audiences.segments(SYSTEM) if row.name == SEGMENT), None)
    segment_id = known or create_segment(SYSTEM, SEGMENT, parse(QUESTION), as_of)
    return segment_id, evaluate_segment(SYSTEM, engine, segment_id, as_of).size


def first_campaign(engine: Engine, segment_id: int, as_of: datetime) -> int:
    """An engaging campaign to the segment waits to be planned, on the platform with the most of its members."""
    for row in campaigns(SYSTEM):
        if row.name == CAMPAIGN and row.state in PLANNABLE:
            return row.id
    platform = next(iter(audiences.platforms_of(SYSTEM, engine, segment_id)), "wechat")
    draft = Draft(CAMPAIGN, Purpose.ENGAGE, platform, segment_id, TEXT, channel="echo")
    return create_campaign(SYSTEM, draft, as_of)
