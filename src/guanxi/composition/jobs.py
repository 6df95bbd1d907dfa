"""The coarse jobs, scheduled in PostgreSQL by procrastinate: refresh, openings, upkeep, followers, tags.

Importing this module declares them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from guanxi.composition.asking import ask_about_newcomers, ask_platforms
from guanxi.composition.locks import refresh_lock
from guanxi.composition.round import keep_current, moment_of_round
from guanxi.composition.tagging import deliver_tags
from guanxi.composition.upkeep import keep_up
from guanxi.influence.choosing.actions import carry_out_choice, give_up_choice
from guanxi.lake.engine import Engine
from guanxi.listen.shares.actions import tell_silent_views
from guanxi.outreach.actions.openings import carry_openings
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.vocabulary.reasons import Refused

_SILENT_SECONDS = 60

# Worker and job are both known by their rows; a job that a dead worker holds would block its lock for ever.
_GIVE_UP = """
SELECT procrastinate_finish_job_v1(j.id, 'failed', false)
FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
"""


def give_up_abandoned(silent_seconds: int = _SILENT_SECONDS) -> int:
    """Jobs whose worker died have failed, so that the next of their kind can run; says how many."""
    return raw(RELATIONSHIP).execute(_GIVE_UP, (silent_seconds,)).rowcount


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="refresh", lock="refresh", pass_context=False, name="guanxi.refresh")
def refresh(timestamp: int) -> None:
    """Tables, points and segments are as of when the job was due, or of the newest activity of old exports."""
    with refresh_lock(), Engine() as engine:
        keep_current(engine, datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="views", lock="views", name="guanxi.views")
def views(timestamp: int) -> None:
    """Page views whose end nobody saw are told."""
    tell_silent_views(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tags", lock="tags", name="guanxi.tags")
def tags(timestamp: int) -> None:
    """Tags that were put on fans here are told to platforms."""
    deliver_tags(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="openings", lock="openings", pass_context=False, name="guanxi.openings")
def openings(timestamp: int) -> None:
    """To whom a started campaign has opened, by early access or to all, has a message waiting."""
    with Engine() as engine:
        carry_openings(engine, datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="upkeep", lock="refresh", name="guanxi.upkeep")
def upkeep(timestamp: int) -> None:
    """Small files are joined, orphans swept, old parcels and keys forgotten."""
    keep_up()


@app.periodic(cron="47 19 * * *")
@app.task(queueing_lock="followers", lock="followers", name="guanxi.followers")
def followers(timestamp: int) -> None:
    """What platforms' own lists tell of follows, tags and groups that was missed is heard; at night in Shanghai."""
    ask_platforms(datetime.fromtimestamp(timestamp, UTC))


@app.task(lock="followers", name="guanxi.reading")
def reading(platform: str, account: str, timestamp: int) -> None:
    """The lists of the account that somebody wants read now are read."""
    ask_platforms(datetime.fromtimestamp(timestamp, UTC), platform, account)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="newcomers", lock="followers", name="guanxi.newcomers")
def newcomers(timestamp: int) -> None:
    """Those of whom a push told a moment ago have the names and tags that their platform gives them."""
    ask_about_newcomers(datetime.fromtimestamp(timestamp, UTC))


@app.task(lock="ambassadors", name="guanxi.ambassadors")
def ambassadors(run: int, timestamp: int) -> None:
    """The choice of ambassadors that somebody asked for is made, or says why not."""
    try:
        with Engine() as engine:
            carry_out_choice(engine, run, moment_of_round(engine, datetime.fromtimestamp(timestamp, UTC)))
    except Refused as refusal:
        give_up_choice(run, refusal.code)
    except Exception:
        give_up_choice(run, "broken_off")
        raise
