"""What doors show of share links: pages with what became of their openings, links of the brand, days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guanxi.listen.shares.marks import mark_key, write_token
from guanxi.listen.shares.verdicts import OPENINGS, Verdict
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused

_PAGES = """
SELECT p.page, p.platform, p.account, p.content, p.has_script,
    (SELECT count(*) FROM share_touch t WHERE t.page = p.page AND t.passed_on_at IS NOT NULL),
    (SELECT count(DISTINCT t.owner) FROM share_token t WHERE t.page = p.page AND t.owner <> ''),
    (SELECT coalesce(max(t.depth) + 1, 0) FROM share_touch came JOIN share_token t ON t.mark = came.token
        WHERE came.page = p.page),
    (SELECT coalesce(json_object_agg(found.verdict, found.n), '{}') FROM (
        SELECT v.verdict, sum(v.n)::bigint AS n FROM share_verdict v WHERE v.page = p.page GROUP BY v.verdict
    ) found)
FROM shared_page p WHERE %(page)s::bigint IS NULL OR p.page = %(page)s ORDER BY p.page DESC
"""
_ROOTS = """
SELECT t.mark, t.campaign, t.offered_at,
    (SELECT count(*) FROM share_touch came WHERE came.page = t.page AND came.token = t.mark)
FROM share_token t WHERE t.page = %s AND t.way = 'root' ORDER BY t.offered_at DESC
"""
_TRIALS = """
SELECT t.trial, t.percent, t.begun_at, t.ended_at,
    coalesce(sum(a.viewers) FILTER (WHERE a.invited), 0)::bigint,
    coalesce(sum(a.viewers) FILTER (WHERE NOT a.invited), 0)::bigint
FROM shared_page p JOIN share_trial t USING (platform, account, content) LEFT JOIN share_arm a USING (trial)
WHERE p.page = %s GROUP BY t.trial ORDER BY t.trial DESC
"""
_DAYS = """
SELECT day, json_object_agg(verdict, n) FROM (
    SELECT day, verdict, sum(n)::bigint AS n FROM share_verdict WHERE page = %s GROUP BY day, verdict
) found GROUP BY day ORDER BY day DESC
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often each verdict was given."""

    counts: Mapping[str, int]

    def n(self, *verdicts: Verdict) -> int:
        """How often any of these."""
        return sum(self.counts.get(verdict.value, 0) for verdict in verdicts)

    @property
    def counted(self) -> int:
        """Openings that count."""
        return self.n(Verdict.COUNTED)

    @property
    def uncounted(self) -> int:
        """Openings that were recognised as something else."""
        return self.n(*OPENINGS) - self.counted


@dataclass(frozen=True, slots=True)
class PageRow:
    """A shared page.

    Attributes:
        passed_on: how many viewers are known to have passed it on.
        offered: how many viewers were given links of their own; it says nothing of whether they used them.
        deepest: how many hands the longest chain of openings went through.
        withdrawn: whether viewers are no longer sent there.
    """

    page: int
    address: str
    withdrawn: bool
    platform: str
    account: str
    content: str
    has_script: bool
    passed_on: int
    offered: int
    deepest: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link of the brand's own, and how many people came through it first."""

    token: str
    campaign: str
    made_at: datetime
    came: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """What became of a page's openings on one day."""

    day: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TrialRow:
    """Lots by which viewers of a page's content are, or were, invited to pass it on."""

    trial: int
    percent: int
    begun_at: datetime
    ended_at: datetime | None
    invited: int
    quiet: int


def shared_pages(actor: Actor) -> tuple[PageRow, ...]:
    """Every page that is shared, the latest first."""
    require(actor, Permission.SEE_SOCIAL)
    return _pages(None)


def shared_page(actor: Actor, page: int) -> PageRow:
    """One page that is shared; refused where there is none."""
    require(actor, Permission.SEE_SOCIAL)
    found = _pages(page)
    if not found:
        raise Refused("no_such_page", str(page))
    return found[0]


def brand_links(actor: Actor, page: int) -> tuple[LinkRow, ...]:
    """The page's links that the brand itself gives out, the latest first."""
    require(actor, Permission.SEE_SOCIAL)
    key = mark_key(Installation.current().secrets.pepper)
    return tuple(
        LinkRow(write_token(key, mark), campaign or "", made_at, came)
        for mark, campaign, made_at, came in raw(SOCIAL).execute(_ROOTS, (page,)).fetchall()
    )


def trials_of(actor: Actor, page: int) -> tuple[TrialRow, ...]:
    """The page's trials and how many viewers drew what, the latest first."""
    require(actor, Permission.SEE_SOCIAL)
    return tuple(TrialRow(*row) for row in raw(SOCIAL).execute(_TRIALS, (page,)).fetchall())


def days_of(actor: Actor, page: int) -> tuple[DayRow, ...]:
    """What became of the page's openings day by day, the latest first."""
    require(actor, Permission.SEE_SOCIAL)
    rows = raw(SOCIAL).execute(_DAYS, (page,)).fetchall()
    return tuple(DayRow(day, Outcome(counts)) for day, counts in rows)


def _pages(page: int | None) -> tuple[PageRow, ...]:
    stored = raw(RELATIONSHIP).execute("SELECT id, address, withdrawn_at IS NOT NULL FROM page_address")
    places = {number: (address, withdrawn) for number, address, withdrawn in stored.fetchall()}
    rows = raw(SOCIAL).execute(_PAGES, {"page": page}).fetchall()
    return tuple(_page_row(row, *places[row[0]]) for row in rows if row[0] in places)


def _page_row(row: tuple[Any, ...], address: str, withdrawn: bool) -> PageRow:
    number, platform, account, content, has_script, passed_on, offered, deepest, verdicts = row
    return PageRow(
        number,
        address,
        withdrawn,
        platform,
        account,
        content,
        has_script,
        passed_on,
        offered,
        deepest,
        Outcome(verdicts),
    )
