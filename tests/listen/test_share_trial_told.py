"""From the page's script to the marts: a planted effect of invitations, found through the front door."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
from sharing import BRAND, SPRING, Somebody, at_the_door

from guanxi.composition.consumers import hear
from guanxi.lake.engine import Engine
from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.actions_trials import begin_trial, end_trial
from guanxi.listen.shares.forgetting import forget_marks
from guanxi.listen.shares.queries import trials_of
from guanxi.measurement.queries_sharing import TrialResult, sharing_results
from guanxi.measurement.refresh import refresh_measures
from guanxi.measurement.sharing import added
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.social.mirror import refresh_mirror
from guanxi.vocabulary.progress import SILENT
from guanxi.world.inviting import Inviting

FIRST = 250


class _Visits:
    """Viewers come by the brand's link and bring whom the planted law says."""

    def __init__(self, client: httpx.AsyncClient, planted: Inviting) -> None:
        self._client, self._planted = client, planted
        self.came = 0

    async def come(self, token: str) -> None:
        self.came += 1
        number = self.came
        somebody = Somebody(self._client, f"viewer {number}")
        answer = await somebody.say("view", token=token, page=SPRING, view=f"{number:032x}")
        friends = self._planted.brings(number, answer.json()["invite"])
        if friends:
            own = await somebody.child()
            await asyncio.gather(*(self.come(own) for _ in range(friends)))


def _measured(as_of: datetime) -> TrialResult:
    hear()
    with Engine() as engine:
        refresh_mirror(engine, as_of, SILENT)
        refresh_measures(engine, as_of, SILENT)
        (found,) = sharing_results(SYSTEM, engine)
    return found


def _forgotten(page: int) -> None:
    """The trial ended long ago, and the worker has forgotten who drew in it and brought nobody."""
    end_trial(SYSTEM, page, datetime.now(UTC))
    _aged(500)
    assert [(lot.invited + lot.quiet) for lot in trials_of(SYSTEM, page)] == [_viewers()]
    assert forget_marks() > 0
    _aged(-500)
    kept = raw(SOCIAL).execute("SELECT viewer FROM share_arm WHERE viewers > 1 ORDER BY 1").fetchall()
    assert kept == [("#invited",), ("#quiet",)]
    named = raw(SOCIAL).execute("SELECT count(*) FROM share_arm WHERE viewers = 1").fetchone()
    assert (
        named
        == raw(SOCIAL)
        .execute(
            "SELECT count(DISTINCT owner) FROM share_token k JOIN share_opening o "
            "ON o.token = k.mark WHERE owner <> ''"
        )
        .fetchone()
    )


def _viewers() -> int:
    (n,) = raw(SOCIAL).execute("SELECT sum(viewers)::int FROM share_arm").fetchone() or (0,)
    return int(n)


def _aged(days: int) -> None:
    raw(SOCIAL).execute("UPDATE share_arm SET drawn_at = drawn_at - make_interval(days => %s)", (days,))
    raw(SOCIAL).execute("UPDATE share_trial SET ended_at = ended_at - make_interval(days => %s)", (days,))


def test_what_the_invitation_adds_is_found_as_it_was_planted(house: Installation) -> None:
    planted, now = Inviting(11, quiet=0.15, invited=0.55), datetime.now(UTC)
    root = make_share_link(SYSTEM, BRAND, "spring", SPRING, now)
    (page,) = raw(SOCIAL).execute("SELECT page FROM shared_page").fetchone() or (0,)
    begin_trial(SYSTEM, int(page), 50, now)

    async def visiting(client: httpx.AsyncClient) -> int:
        visits = _Visits(client, planted)
        await asyncio.gather(*(visits.come(root) for _ in range(FIRST)))
        return visits.came

    came = at_the_door(visiting)
    early = _measured(datetime.now(UTC))
    assert (early.invited.waiting + early.quiet.waiting, early.added.people.code) == (came, "too_few_viewers")
    assert not early.is_complete

    found = _measured(datetime.now(UTC) + timedelta(days=8))
    assert found.is_complete
    assert found.invited.viewers + found.quiet.viewers == came
    assert found.invited.brought + found.quiet.brought == came - FIRST
    assert found.added.is_balanced
    surely = added(found.invited, found.quiet, 50, confidence=0.9999).people.estimate
    assert surely is not None
    assert surely.low <= planted.added <= surely.high
    assert found.added.is_sure
    assert found.invited.passed_on + found.quiet.passed_on == _who_were_brought_and_brought()
    _forgotten(page)
    assert replace(_measured(datetime.now(UTC) + timedelta(days=8)), until=found.until) == found


def _who_were_brought_and_brought() -> int:
    row = (
        raw(SOCIAL)
        .execute(
            "SELECT count(*) FROM share_touch came JOIN share_token t ON t.mark = came.token "
            "WHERE t.owner <> '' AND came.passed_on_at IS NOT NULL"
        )
        .fetchone()
    )
    assert row is not None
    return int(row[0])
