"""The REST API: the rooms' own queries and verbs as JSON, with the permissions of the console.

OpenAPI is at ``/api/openapi.json``, its pages at ``/api/docs``. Ingestion is the front door's, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema, Status

from guanxi.api.entrance import Password, Session, actor
from guanxi.audiences import actions as audiences
from guanxi.audiences import queries as segments
from guanxi.correlation import queries as links
from guanxi.correlation.queries import LinkRow
from guanxi.influence import queries as influence
from guanxi.influence.queries import AmbassadorRow
from guanxi.lake.sight import lake_for
from guanxi.outreach.actions.openings import set_opening
from guanxi.outreach.queries import campaigns
from guanxi.outreach.queries.campaigns import CampaignRow
from guanxi.question.parser import parse
from guanxi.social.queries import fans, scores
from guanxi.social.queries.fans import FanRow
from guanxi.social.queries.scores import BestFan, Trace
from guanxi.vocabulary.reasons import Refused

api = NinjaAPI(title="Guanxi", version="1", urls_namespace="api", auth=[Session(), Password()])

Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]


class Words(Schema):
    """A question, as a marketer writes it."""

    question: str


class NewSegment(Words):
    """A segment to be stored."""

    name: str


class Size(Schema):
    """How many a question finds, and the share of them of whom what it asks is known at all."""

    size: int
    asked: int | None
    decided: int | None


class SegmentOut(Schema):
    """A stored segment."""

    id: int
    name: str
    text: str
    version: int
    size: int | None
    evaluated_at: datetime | None


class NewOpening(Schema):
    """From when on a campaign may be heard of; null is at once."""

    opens_at: datetime | None


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal as its code: 403 without permission, 404 for what is not there, else 422."""
    status = 403 if error.code == "not_permitted" else 404 if error.is_missing else 422
    return api.create_response(request, {"error": error.code, "detail": error.detail}, status=status)


@api.get("/fans", response=list[FanRow], tags=["people"])
def list_fans(
    request: HttpRequest, window: str, platform: str = "", limit: Limit = 50, offset: Offset = 0
) -> Any:
    """Fans with both scores (in tenths of a point) of a month (its first day), ``recent`` days or ``all`` time."""
    chosen, within = fans.FanFilter(platform=platform), scores.window_named(window)
    with lake_for(actor(request)) as engine:
        return fans.fans(actor(request), engine, within, chosen, offset=offset, limit=limit).rows


@api.get("/fans/best", response=list[BestFan], tags=["people"])
def best_fans(
    request: HttpRequest, window: str, by: Literal["daily", "campaign"] = "campaign", limit: Limit = 50
) -> Any:
    """Who is best in a window, and by which activities."""
    with lake_for(actor(request)) as engine:
        return scores.best(actor(request), engine, scores.window_named(window), by, limit=limit)


@api.get("/fans/{fan_id}/scores", response=Trace, tags=["people"])
def score_trace(request: HttpRequest, fan_id: int, window: str) -> Any:
    """The rows from which a fan's two scores of a window come; their points sum to the scores exactly."""
    with lake_for(actor(request)) as engine:
        return scores.trace(actor(request), engine, fan_id, scores.window_named(window))


@api.get("/links", response=list[LinkRow], tags=["people"])
def list_links(request: HttpRequest, standing: str = "all", limit: Limit = 50, offset: Offset = 0) -> Any:
    """Links between fans and customers with their probability."""
    return links.links(actor(request), standing, offset=offset, limit=limit).rows


@api.get("/ambassadors", response=list[AmbassadorRow], tags=["influence"])
def list_ambassadors(request: HttpRequest, state: str = "") -> Any:
    """Who was shortlisted, invited, is active, rests or was declined, and why."""
    with lake_for(actor(request)) as engine:
        return influence.ambassadors(actor(request), engine, state)


@api.get("/segments", response=list[SegmentOut], tags=["segments"])
def list_segments(request: HttpRequest) -> Any:
    """Every segment that the role may see."""
    return segments.segments(actor(request))


@api.post("/segments/count", response=Size, tags=["segments"])
def count(request: HttpRequest, words: Words) -> Any:
    """How many people a question finds now; nothing is stored."""
    with lake_for(actor(request)) as engine:
        return segments.count_question(actor(request), engine, parse(words.question), datetime.now(UTC))


@api.post("/segments", response={201: SegmentOut}, tags=["segments"])
def create(request: HttpRequest, new: NewSegment) -> Any:
    """The segment is stored; it is answered with the next round, or by the console."""
    made = audiences.create_segment(actor(request), new.name, parse(new.question), datetime.now(UTC))
    return Status(201, segments.segment(actor(request), made))


@api.get("/segments/{segment_id}/members", response=list[tuple[str, int]], tags=["segments"])
def members(request: HttpRequest, segment_id: int, limit: Limit = 50, offset: Offset = 0) -> Any:
    """The members as of the last answer: the side and the fan's or customer's number."""
    with lake_for(actor(request)) as engine:
        return segments.members_page(actor(request), engine, segment_id, offset, limit).members


@api.get("/campaigns", response=list[CampaignRow], tags=["campaigns"])
def list_campaigns(request: HttpRequest) -> Any:
    """Every campaign with the counts of its last plan and its opening, the newest first."""
    return campaigns.campaigns(actor(request))


@api.put("/campaigns/{campaign_id}/opening", response=CampaignRow, tags=["campaigns"])
def put_opening(request: HttpRequest, campaign_id: int, new: NewOpening) -> Any:
    """The campaign opens then: sends obey at once, the plan says so when it is made anew; what waits is taken back."""
    set_opening(actor(request), campaign_id, new.opens_at, datetime.now(UTC))
    return campaigns.campaign(actor(request), campaign_id).row
