"""The opening of a campaign as a page shows it: who may hear from when on, and how many they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guanxi.influence.weighing.bands import Band
from guanxi.outreach.leash import opening_for
from guanxi.outreach.models import Campaign
from guanxi.outreach.queries.asks import ask_of
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.records.accounts import ZONE
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.reasons import Refused

OTHERS = "others"


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Those who may hear from a moment on.

    Attributes:
        band: whose early access it is, by today's treatments; `OTHERS` for those who wait for the opening itself, ''
            for all early access together, where the reader may not see influence.
        persons: of the last plan, less those whom it does not send to on purpose.
    """

    band: str
    opens_at: datetime
    persons: int


@dataclass(frozen=True, slots=True)
class Opening:
    """When a campaign opens, and to whom earlier.

    Attributes:
        rows: the earliest first, those who wait for the opening last.
        is_planned: the last plan knows of this opening.
    """

    opens_at: datetime
    rows: tuple[OpeningRow, ...]
    is_planned: bool


def opening_of(actor: Actor, campaign: Campaign) -> Opening | None:
    """The campaign's opening; None where it has none, or answers, which wait for none."""
    require(actor, Permission.SEE_CAMPAIGNS)
    ask, leash = ask_of(campaign), leash_in_force()
    if campaign.opens_at is None or ask.is_prompted:
        return None
    persons: dict[str, int] = campaign.summary.get("bands", {})
    early = [
        OpeningRow(band, opening, persons.get(band, 0))
        for band in leash.early_access
        if (opening := opening_for(band, ask, leash)) is not None
    ]
    waiting = sum(persons.values()) - sum(row.persons for row in early)
    if early and not actor.may(Permission.SEE_INFLUENCE):
        early = [OpeningRow("", min(row.opens_at for row in early), sum(row.persons for row in early))]
    rows = *sorted(early, key=lambda row: row.opens_at), OpeningRow(OTHERS, campaign.opens_at, waiting)
    told = campaign.summary.get("opens_at")
    is_planned = told is not None and datetime.fromisoformat(told) == campaign.opens_at
    return Opening(campaign.opens_at, rows, is_planned)


def bands_between_bars(actor: Actor, chosen: str) -> str:
    """The bands that `sql/who.sql` shall show for a row's band; '' for all people."""
    if not chosen:
        return ""
    require(actor, Permission.SEE_INFLUENCE)
    if chosen == OTHERS:
        early = leash_in_force().early_access
        return "|".join(["", "", *(band for band in Band if band not in early), ""])
    if chosen not in set(Band):
        raise Refused("filter_unknown", chosen)
    return f"|{chosen}|"


def brand_zone() -> str:
    """The time zone of the account that the brand added first; China's before there is one."""
    row = (
        raw(RELATIONSHIP)
        .execute("SELECT zone FROM channel_account WHERE platform <> 'echo' ORDER BY id LIMIT 1")
        .fetchone()
    )
    return str(row[0]) if row is not None else ZONE
