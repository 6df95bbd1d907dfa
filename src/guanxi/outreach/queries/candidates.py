"""Whom a campaign may be sent to now, by its plan and by what was decided since; the leash judges them once more."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from guanxi.influence.treatments.queries import bands_that_go_first
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql
from guanxi.outreach.judging import Candidate
from guanxi.outreach.leash import Ask, Leash, opening_for
from guanxi.outreach.models import Campaign
from guanxi.outreach.queries.asks import ask_of
from guanxi.outreach.queries.leash import leash_in_force
from guanxi.records.databases import RELATIONSHIP, raw

_EARLY_BAND = pa.schema([("band", pa.string()), ("opens_at", pa.timestamp("us", tz="UTC"))])
# Whoever was held for an opening is asked about again: it may have moved.
_SETTLED = """
SELECT identity FROM delivery WHERE campaign = %s
UNION ALL
SELECT identity FROM withheld
WHERE campaign = %s AND (
    decision = 'drop' OR ((until IS NULL OR until > %s) AND 'not_open' <> ALL (string_to_array(reasons, '|')))
)
"""


def candidates_of(engine: Engine, campaign: Campaign, now: datetime) -> list[Candidate]:
    """Whom the plan lets pass, to whom the campaign is open, and nothing has been decided of since."""
    ask, leash = ask_of(campaign), leash_in_force()
    engine.offer("first_band", pa.table({"band": pa.array(bands_that_go_first(), pa.string())}))
    engine.offer("early_band", _early_bands(ask, leash))
    rows = engine.ask(
        sql("guanxi.outreach", "candidates"),
        campaign=campaign.pk,
        now=now,
        opens_at=opening_for("", ask, leash) or now,
        has_window=ask.rule is not None and ask.rule.window is not None,
    )
    settled = raw(RELATIONSHIP).execute(_SETTLED, (campaign.pk, campaign.pk, now))
    done = {identity for (identity,) in settled}
    names = ("identity", "zone", "city", "heard_at", "band")
    told = zip(*(rows[name].to_pylist() for name in names), strict=True)
    return [Candidate(*row) for row in told if row[0] not in done]


def _early_bands(ask: Ask, leash: Leash) -> pa.Table:
    """From when on each band with early access may hear; nobody where the campaign has no opening."""
    found = {band: opening_for(band, ask, leash) for band in sorted(leash.early_access)}
    rows = [{"band": band, "opens_at": moment} for band, moment in found.items() if moment is not None]
    return pa.Table.from_pylist(rows, _EARLY_BAND)
