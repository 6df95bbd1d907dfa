"""The demonstration: a simulated brand heard through import files, one whole round, one campaign and what it changed.

The world's history ends nine days ago; the campaign goes out then, and a week of answers to what was really
received is imported after it. A second campaign is planned and opens tomorrow. The truth stays beside, unread.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from guanxi.audiences.actions import create_segment, evaluate_segment
from guanxi.audiences.queries import segments
from guanxi.channels.echo.receiver import Receiver, start
from guanxi.composition.consumers import hear
from guanxi.composition.round import RoundReport, go_round, refresh_all
from guanxi.composition.verify import verify
from guanxi.consent.purpose import Purpose
from guanxi.lake.engine import Engine
from guanxi.listen.accept import Receipt
from guanxi.listen.imports.importing import import_file
from guanxi.listen.imports.mapping import read_mapping
from guanxi.loyalty.actions.programme import install_default_programme
from guanxi.loyalty.earn import earn
from guanxi.loyalty.refresh import refresh_loyalty
from guanxi.measurement.queries import CampaignResults, campaign_results
from guanxi.outreach.actions.campaigns import Draft, create_campaign
from guanxi.outreach.actions.deliver import Delivered, drain
from guanxi.outreach.actions.plan import PlanReport, plan_campaign
from guanxi.outreach.actions.reserve import reserve_sends
from guanxi.outreach.queries.channels import open_channels
from guanxi.question.parser import parse
from guanxi.records.accounts import ZONE, add_account, change_account, opened_accounts
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation
from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.world.brand import ACCOUNTS, World
from guanxi.world.responses import respond
from guanxi.world.writing import Written, write

HISTORY_ENDS_DAYS_AGO = 9
SEGMENT = "Readers of the last two months"
QUESTION = 'platform = "wechat" and count(viewed, clicked) >= 1 within 60 days and not unfollowed'
CAMPAIGN = "What shall we brew next?"
TEXT = "{{ name|Dear friend }}, which tea should we bring back this winter? Answer with one word."
OPENING = "The winter tasting opens"
OPENING_TEXT = "{{ name|Dear friend }}, the tables of our winter tasting can be taken from today on."
# From now the opening is more than a day and at most two days away: open to igniters, not yet to amplifiers.
OPENS_IN = timedelta(hours=46)


@dataclass(frozen=True, slots=True)
class Story:
    """What the demonstration did, in numbers."""

    heard: Receipt
    round: RoundReport
    plan: PlanReport
    delivered: Delivered
    results: CampaignResults


def play(installation: Installation, fans: int, seed: int, now: datetime, tell: Progress = SILENT) -> Story:
    """The installation holds a brand after one round, a delivered campaign and a week of answers."""
    world = World(fans, seed, morning(now - timedelta(days=HISTORY_ENDS_DAYS_AGO)))
    install_default_programme(SYSTEM, world.end - timedelta(days=world.days))
    tell.begin("world")
    written = write(world, installation.folder / "world", tell)
    tell.end()
    heard = _hear(written, tell)
    receiver = start_echo(installation)
    try:
        with Engine() as engine:
            made = go_round(engine, world.end, tell)
            plan, delivered, campaign = _campaign(engine, world.end, tell)
            answers = respond(
                world, _received(receiver, world.end), now, installation.folder / "answers", tell
            )
            heard += _hear(answers, tell)
            refresh_all(engine, now, tell)
            earn(engine, now, tell)
            refresh_loyalty(engine, now, tell)
            results = campaign_results(SYSTEM, engine, campaign)
            _opening(engine, now)
    finally:
        receiver.stop()
    verify(tell=tell)
    return Story(heard, made, plan, delivered, results)


def morning(moment: datetime) -> datetime:
    """Ten o'clock in China on that day: nobody's quiet hours."""
    return moment.astimezone(UTC).replace(hour=2, minute=0, second=0, microsecond=0)


def start_echo(installation: Installation, port: int = 0) -> Receiver:
    """Echo's receiver listens, and the installation's echo account knows where."""
    known = [one for one in opened_accounts() if (one.platform, one.name) == ("echo", "main")]
    secret = known[0].settings["secret"] if known else secrets.token_urlsafe(24)
    receiver = start(installation.folder / "echo", secret.encode(), port)
    settings = {"address": receiver.address, "secret": secret}
    if known:
        change_account(SYSTEM, "echo", "main", settings)
    else:
        add_account(SYSTEM, "echo", "main", ZONE, settings)
    return receiver


def _hear(written: Written, tell: Progress) -> Receipt:
    total = Receipt()
    for one in written.imports:
        mapping = read_mapping(one.mapping)
        for file in one.files:
            total += import_file(file, mapping, tell)
    hear(tell)
    return total


def _campaign(engine: Engine, moment: datetime, tell: Progress) -> tuple[PlanReport, Delivered, int]:
    segment = create_segment(SYSTEM, SEGMENT, parse(QUESTION), moment)
    evaluate_segment(SYSTEM, engine, segment, moment)
    draft = Draft(CAMPAIGN, Purpose.ENGAGE, "wechat", segment, TEXT, channel="echo", holdout_permille=300)
    campaign = create_campaign(SYSTEM, draft, moment)
    plan = plan_campaign(SYSTEM, engine, campaign, moment, tell)
    reserve_sends(SYSTEM, engine, campaign, moment, tell=tell)
    return plan, drain(SYSTEM, open_channels(), lambda: moment, tell=tell), campaign


def _opening(engine: Engine, now: datetime) -> None:
    """A campaign waits for its opening; whoever moves many may hear before. Nobody has started it."""
    segment = next(row.id for row in segments(SYSTEM) if row.name == SEGMENT)
    opens_at = morning(now + OPENS_IN)
    draft = Draft(OPENING, Purpose.ENGAGE, "wechat", segment, OPENING_TEXT, channel="echo", opens_at=opens_at)
    plan_campaign(SYSTEM, engine, create_campaign(SYSTEM, draft, now), now)


def _received(receiver: Receiver, sent_at: datetime) -> pa.Table:
    """What truly arrived, as the world is told of it."""
    platforms = {account.name: account.platform for account in ACCOUNTS}
    rows = [
        {
            "platform": platforms[letter["account"]],
            "account": letter["account"],
            "fan": letter["address"],
            "campaign": CAMPAIGN,
            "message": letter["id"],
            "sent_at": sent_at,
        }
        for letter in receiver.received()
        if not letter["repeated"]
    ]
    text = ("platform", "account", "fan", "campaign", "message")
    moment = ("sent_at", pa.timestamp("us", tz="UTC"))
    return pa.Table.from_pylist(rows, schema=pa.schema([*((name, pa.string()) for name in text), moment]))


def remembered(installation: Installation) -> dict[str, str] | None:
    """What an earlier demonstration in this folder left to say, or None."""
    path = _memory(installation)
    return json.loads(path.read_text()) if path.exists() else None


def remember(installation: Installation, words: dict[str, str]) -> None:
    """The next start says this instead of playing again; readable by its owner only."""
    path = _memory(installation)
    path.touch(mode=0o600)
    path.write_text(json.dumps(words))


def _memory(installation: Installation) -> Path:
    return installation.folder / "demo.json"
