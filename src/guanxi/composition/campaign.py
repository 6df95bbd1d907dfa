"""What a first round needs where a marketer has made nothing yet: a programme, a segment and a campaign."""

from __future__ import annotations

from datetime import datetime

from guanxi.audiences.actions import create_segment, evaluate_segment
from guanxi.audiences.models import Segment
from guanxi.consent.purpose import Purpose
from guanxi.influence.models import AmbassadorState
from guanxi.influence.queries import ambassadors
from guanxi.lake.engine import Engine
from guanxi.outreach.actions.campaigns import Draft, create_campaign
from guanxi.outreach.models import Campaign
from guanxi.outreach.states import PLANNABLE
from guanxi.question.parser import parse
from guanxi.records.actor import SYSTEM
from guanxi.vocabulary.ids import Side, identity

SEGMENT = "People who move others"
QUESTION = "band in (igniter, amplifier) and not unfollowed"
CAMPAIGN = "A first word to people who move others"
_INVITED = (AmbassadorState.INVITED, AmbassadorState.ACTIVE)
TEXT = "Thank you for passing our stories on. Is there something you would like us to tell next?"


def invited(engine: Engine) -> list[int]:
    """The identities of fans whom a person invited as ambassadors."""
    rows = [row for state in _INVITED for row in ambassadors(SYSTEM, engine, state)]
    return sorted(identity(Side.SOCIAL, row.fan) for row in rows)


def first_segment(engine: Engine, as_of: datetime) -> tuple[int, int]:
    """The segment of people who move others is answered as of then; says its id and size."""
    known = Segment.objects.filter(name=SEGMENT, archived_at=None).first()
    segment_id = known.pk if known else create_segment(SYSTEM, SEGMENT, parse(QUESTION), as_of)
    return segment_id, evaluate_segment(SYSTEM, engine, segment_id, as_of).size


def first_campaign(engine: Engine, segment_id: int, as_of: datetime) -> int:
    """An engaging campaign to the segment waits to be planned, on the platform with the most of its members."""
    known = Campaign.objects.filter(name=CAMPAIGN, state__in=PLANNABLE).first()
    if known is not None:
        return known.pk
    draft = Draft(CAMPAIGN, Purpose.ENGAGE, _platform(engine, segment_id), segment_id, TEXT, channel="echo")
    return create_campaign(SYSTEM, draft, as_of)


def _platform(engine: Engine, segment_id: int) -> str:
    rows = engine.ask(
        "SELECT f.platform, count(*) AS n FROM relationship.segment_member m "
        "JOIN social.fan f ON f.fan * 2 = m.identity WHERE m.segment = $segment "
        "GROUP BY f.platform ORDER BY n DESC, f.platform LIMIT 1",
        segment=segment_id,
    ).to_pylist()
    return str(rows[0]["platform"]) if rows else "wechat"
