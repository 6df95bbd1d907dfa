"""The round: what was heard, carried once through every room, from digest to results.

Each step is its room's own; this module knows only their order. `as_of` is given, never read from a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guanxi.audiences.refresh import refresh_segments
from guanxi.composition.campaign import first_campaign, first_segment, invited
from guanxi.consent.refresh import refresh_consent
from guanxi.correlation.refresh import LinkReport, refresh_links
from guanxi.customers import mirror as customers_mirror
from guanxi.customers.refresh import RfmReport, refresh_rfm
from guanxi.influence.choosing.actions import ChoiceReport, choose_ambassadors
from guanxi.influence.circles.refresh import (
    CircleReport,
    refresh_circles,
    refresh_customer_likeness,
)
from guanxi.influence.learning.queries import half_life_in_force
from guanxi.influence.likeness.refresh import refresh_likeness
from guanxi.influence.refresh import (
    CommunityReport,
    TieReport,
    WeightReport,
    refresh_communities,
    refresh_ties,
    refresh_weights,
)
from guanxi.influence.treatments.refresh import refresh_treatments
from guanxi.lake.engine import Engine
from guanxi.loyalty.actions.accounts import open_accounts, open_accounts_for_linked
from guanxi.loyalty.actions.programme import install_default_programme
from guanxi.loyalty.earn import EarnReport, earn
from guanxi.loyalty.membership import INVITED
from guanxi.loyalty.refresh import refresh_loyalty, tiers_of_fans
from guanxi.measurement.refresh import refresh_measures
from guanxi.outreach.actions.plan import PlanReport, plan_campaign
from guanxi.outreach.refresh import refresh_deliveries
from guanxi.records.actor import SYSTEM
from guanxi.social import mirror as social_mirror
from guanxi.social.refresh import ActivityReport, refresh_activity
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import end_of_day

SEEDS = 50
_STALE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What the derived tables hold now."""

    fans: social_mirror.MirrorReport
    customers: customers_mirror.MirrorReport
    activity: ActivityReport
    rfm: RfmReport
    links: LinkReport
    ties: TieReport
    weights: WeightReport
    communities: CommunityReport
    circles: CircleReport


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What one round found, paid and planned."""

    as_of: datetime
    refreshed: Refreshed
    ambassadors: ChoiceReport
    accounts_opened: int
    earned: EarnReport
    segment_id: int
    segment_size: int
    campaign_id: int
    plan: PlanReport


def refresh_all(engine: Engine, as_of: datetime, tell: Progress = SILENT, whole: bool = False) -> Refreshed:
    """Every derived table says what the facts up to ``as_of`` say; where some are made by what is new, ``whole`` makes
    them of all of it.
    """
    fans = social_mirror.refresh_mirror(engine, as_of, tell, whole)
    customers = customers_mirror.refresh_mirror(engine, as_of, tell, whole)
    refresh_consent(as_of, tell)
    activity = refresh_activity(engine, as_of, tell)
    rfm = refresh_rfm(engine, as_of, tell)
    links = refresh_links(engine, as_of, tell)
    ties = refresh_ties(engine, as_of, tell, whole, half_life_in_force())
    refresh_likeness(engine, as_of, tell)
    weights = refresh_weights(engine, as_of, tell)
    refresh_treatments(engine, as_of)
    communities = refresh_communities(engine, as_of, tell)
    circles = refresh_circles(engine, as_of, tell)
    _refresh_standing(engine, as_of, tell)
    refresh_deliveries(as_of, tell)
    refresh_measures(engine, as_of, tell)
    return Refreshed(fans, customers, activity, rfm, links, ties, weights, communities, circles)


def keep_current(engine: Engine, now: datetime) -> None:
    """Derived tables, points and the members of segments are as of now; nothing is done before anything is heard."""
    as_of = newest_moment(engine, now)
    if as_of is None:
        return
    refresh_all(engine, as_of)
    earn(engine, as_of, SILENT)
    _refresh_standing(engine, as_of, SILENT)
    refresh_segments(engine, as_of, SILENT)


def go_round(engine: Engine, as_of: datetime, tell: Progress = SILENT) -> RoundReport:
    """Everything digested has been carried through every room, up to a planned campaign; nothing was sent.

    Where no loyalty programme is open yet, the default one is, with rules that every platform allows.
    """
    refreshed = refresh_all(engine, as_of, tell)
    install_default_programme(SYSTEM, as_of)
    ambassadors = choose_ambassadors(SYSTEM, engine, as_of, SEEDS, tell=tell)
    opened = open_accounts_for_linked(as_of, tell) + open_accounts(SYSTEM, invited(), INVITED, as_of)
    earned = earn(engine, as_of, tell)
    _refresh_standing(engine, as_of, tell)
    tell.begin("segments")
    segment_id, segment_size = first_segment(engine, as_of)
    tell.end()
    campaign_id = first_campaign(engine, segment_id, as_of)
    plan = plan_campaign(SYSTEM, engine, campaign_id, as_of, tell)
    refresh_measures(engine, as_of, tell)
    return RoundReport(
        *(as_of, refreshed, ambassadors, opened, earned),
        *(segment_id, segment_size, campaign_id, plan),
    )


def _refresh_standing(engine: Engine, as_of: datetime, tell: Progress) -> None:
    """Points and tiers are as booked, and so is how alike people with ties are in their tiers."""
    refresh_loyalty(engine, as_of, tell)
    refresh_customer_likeness(engine, as_of, tiers_of_fans(engine), tell)


def moment_of_round(engine: Engine, now: datetime) -> datetime:
    """`newest_moment`; refused where nothing was heard yet."""
    found = newest_moment(engine, now)
    if found is None:
        raise Refused("nothing_heard")
    return found


def newest_moment(engine: Engine, now: datetime) -> datetime | None:
    """Now; or, where the newest activity is a month old, the end of its day: old exports speak of their own time."""
    row = engine.ask(
        "SELECT max(day) AS day FROM (SELECT max(day) AS day FROM social.engagement "
        "UNION ALL SELECT max(day) AS day FROM customers.orders) AS newest"
    ).to_pylist()[0]
    if row["day"] is None:
        return None
    newest = end_of_day(row["day"])
    return newest if newest < now - _STALE else now
