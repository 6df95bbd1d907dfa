"""Plans a campaign: the leash's verdict for every person of its audience, in bulk, and a summary.

A plan promises nothing: what is sent is judged again, person by person, when it is reserved.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.audiences.actions import assign_holdout
from guanxi.audiences.holdout import HoldoutRule
from guanxi.channels.cap import Cap, Over, window_start
from guanxi.channels.rules import rules_of
from guanxi.lake.catalog import Provenance
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.lake.store import Lake
from guanxi.outreach.arrow import crowd_of, decisions_table
from guanxi.outreach.crowd import DECISIONS, Crowd, Verdicts, judge_all, words
from guanxi.outreach.leash import Ask, Decision, Leash
from guanxi.outreach.models import Campaign
from guanxi.outreach.queries.accounts import account_ids
from guanxi.outreach.queries.asks import ask_of, channels_of
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.outreach.states import PLANNABLE, CampaignState
from guanxi.outreach.tables import CAMPAIGN_PERSON
from guanxi.outreach.zones import zones_by_place
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

ROOM = "guanxi.outreach"
_NO_CAP = Cap(None)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PlanReport:
    """How many persons there are, by verdict and by reason, and how many are held out.

    Attributes:
        bands: those who are not dropped, by the band of the identity reached; '' where none is known.
    """

    persons: int
    verdicts: dict[str, int]
    reasons: dict[str, int]
    held_out: int
    bands: dict[str, int]


def plan_campaign(
    actor: Actor, engine: Engine, campaign_id: int, as_of: datetime, tell: Progress = SILENT
) -> PlanReport:
    """The campaign is planned: each person of its segment has a verdict in the lake, with reasons."""
    require(actor, Permission.CHANGE_CAMPAIGNS)
    campaign = found(campaign_id)
    moment = aware(as_of)
    tell.begin("plan", 4)
    members = engine.ask(sql(ROOM, "members"), segment=campaign.segment)
    tell.advance(1)
    held_out = _hold_out(actor, campaign, members, moment)
    tell.advance(1)
    leash, ask = leash_in_force(), ask_of(campaign)
    standings = _standings(engine, campaign, members, ask, leash, moment)
    tell.advance(1)
    crowd = crowd_of(standings, held_out)
    verdicts = judge_all(crowd, ask, leash, moment)
    rows = decisions_table(campaign_id, standings, crowd, verdicts, moment)
    report = _report(crowd, verdicts)
    _keep(actor, campaign_id, rows, report, ask.opens_at, moment)
    tell.end()
    return report


def found(campaign_id: int) -> Campaign:
    """The campaign, while it is not over."""
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise Refused("no_such_campaign", str(campaign_id))
    if campaign.state not in PLANNABLE:
        raise Refused("campaign_over", campaign.state)
    return campaign


def start_of(cap: Cap | None, now: datetime) -> datetime:
    """The moment after which sends count, for any kind of window."""
    start = window_start(cap or _NO_CAP, now)
    return start if cap is None or cap.over is Over.ROLLING else start - _MICROSECOND


def _hold_out(actor: Actor, campaign: Campaign, members: pa.Table, moment: datetime) -> Any:
    rule = HoldoutRule(campaign.holdout_period, campaign.holdout_permille)
    identity, person = members["identity"].to_numpy(), members["person"].to_numpy()
    return assign_holdout(actor, rule, identity, person, moment)


def _standings(
    engine: Engine, campaign: Campaign, members: pa.Table, ask: Ask, leash: Leash, moment: datetime
) -> pa.Table:
    accounts = account_ids(campaign.platform, campaign.account)
    places = zones_by_place()
    engine.offer("member", members)
    engine.offer("asked_account", pa.table({"account": pa.array(accounts, pa.int32())}))
    engine.offer("asked_channel", pa.table({"channel": channels_of(campaign)}))
    engine.offer("place_zone", pa.table({"place": list(places), "zone": list(places.values())}))
    engine.offer("band_cap", _band_caps(leash, moment))
    rule = ask.rule
    platform_cap = rule.cap if rule is not None else None
    return engine.ask(
        sql(ROOM, "standing"),
        purpose=campaign.purpose,
        channel=campaign.channel,
        zone=rules_of(campaign.platform).zone,
        has_window=rule is not None and rule.window is not None,
        as_of=moment,
        brand_start=start_of(leash.cap, moment),
        brand_max=leash.cap.sends_max or 0,
        platform_start=start_of(platform_cap, moment),
        platform_max=(platform_cap.sends_max or 0) if platform_cap else 0,
    )


def _band_caps(leash: Leash, moment: datetime) -> pa.Table:
    """The caps of bands as `sql/standing.sql` counts by them."""
    caps = [(band, cap.sends_max or 0, start_of(cap, moment)) for band, cap in sorted(leash.bands.items())]
    kinds = (pa.string(), pa.int64(), pa.timestamp("us", tz="UTC"))
    names = ("band", "sends_max", "begins")
    columns = zip(names, zip(*caps, strict=True) if caps else ((), (), ()), kinds, strict=True)
    return pa.table({name: pa.array(list(values), kind) for name, values, kind in columns})


def _report(crowd: Crowd, verdicts: Verdicts) -> PlanReport:
    counts = np.bincount(verdicts.decision, minlength=len(DECISIONS))
    masks, sizes = np.unique(verdicts.reasons, return_counts=True)
    reasons: Counter[str] = Counter()
    for mask, size in zip(masks.tolist(), sizes.tolist(), strict=True):
        for reason in filter(None, words(mask).split("|")):
            reasons[reason] += size
    by_verdict = {decision.value: int(n) for decision, n in zip(DECISIONS, counts, strict=True)}
    kept = crowd.band[verdicts.decision != DECISIONS.index(Decision.DROP)]
    by_band = np.bincount(kept, minlength=len(crowd.bands))
    bands = {band: int(n) for band, n in zip(crowd.bands, by_band, strict=True) if n}
    return PlanReport(len(crowd.zone), by_verdict, dict(reasons), int(crowd.is_held_out.sum()), bands)


def _keep(
    actor: Actor,
    campaign_id: int,
    rows: pa.Table,
    report: PlanReport,
    opens_at: datetime | None,
    moment: datetime,
) -> None:
    provenance = Provenance(version("guanxi"), moment)
    with transaction(RELATIONSHIP) as connection:
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        if campaign.state not in PLANNABLE:
            raise Refused("campaign_over", campaign.state)
        if campaign.state == CampaignState.DRAFT:
            campaign.state = CampaignState.PLANNED
        campaign.planned_as_of = moment
        campaign.summary = {
            "persons": report.persons,
            "verdicts": report.verdicts,
            "reasons": report.reasons,
            "held_out": report.held_out,
            "bands": report.bands,
            "opens_at": opens_at.isoformat() if opens_at else None,
        }
        campaign.save(update_fields=["state", "planned_as_of", "summary"])
        Lake(Side.RELATIONSHIP).swap(connection, CAMPAIGN_PERSON, rows, provenance, parts=[campaign_id])
        record(RELATIONSHIP, actor, "campaign_planned", f"campaign:{campaign_id}", report.verdicts)
