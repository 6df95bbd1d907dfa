"""`guanxi demo`: a brand, its fans and customers, one whole round, and the console."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from guanxi.cli.opening import AsJson, DataFolder, opened
from guanxi.cli.printing import report
from guanxi.cli.progress import TerminalProgress
from guanxi.cli.serving import WEB_PORT, Host, Port, free_port, run_parts
from guanxi.vocabulary.reasons import Refused

if TYPE_CHECKING:
    from guanxi.composition.demo import Story
    from guanxi.measurement.incremental import Incremental

LOGIN = "demo"
Fans = Annotated[int, typer.Option(help="How many fans the brand has.")]
Seed = Annotated[int, typer.Option(help="Another seed, another brand.")]


def demo(
    data: DataFolder = None,
    fans: Fans = 20_000,
    seed: Seed = 7,
    once: Annotated[bool, typer.Option("--once", help="Go the round and end, without serving.")] = False,
    address: Host = "127.0.0.1",
    port: Port = WEB_PORT,
    json: AsJson = False,
) -> None:
    """Imagine a brand, carry it one whole round, tell what happened, and open the console."""
    story = None
    with TerminalProgress() as tell, opened(data, create=True, tell=tell) as installation:
        from guanxi.composition.demo import play, remember, remembered
        from guanxi.composition.people import let_in
        from guanxi.records.databases import SOCIAL, raw

        words = remembered(installation)
        if words is None:
            if raw(SOCIAL).execute("SELECT 1 FROM heard LIMIT 1").fetchone():
                raise Refused("demo_not_empty", str(installation.folder))
            story = play(installation, fans, seed, datetime.now(UTC), tell)
            words = {"password": secrets.token_urlsafe(9)}
            let_in(LOGIN, "admin", words["password"])
            remember(installation, words)
    if story is not None:
        _tell(story, json)
    if once:
        return
    Console().print(
        f"\nLogin: [bold]{LOGIN}[/bold]   Password: [bold]{words['password']}[/bold]", highlight=False
    )
    run_parts(installation, address, free_port(address, port))


def _tell(story: Story, as_json: bool) -> None:
    if as_json:
        report(story, as_json)
        return
    made, plan, effect = story.round, story.plan, story.results.effect
    console = Console(highlight=False, soft_wrap=True)
    console.print()
    for line in (
        f"Heard {story.heard.accepted:,} activities of {made.refreshed.fans.fans:,} fans "
        f"and {made.refreshed.customers.customers:,} customers; {story.heard.quarantined:,} could not be read.",
        f"Correlated {made.refreshed.links.links:,} fans with customers, by evidence; nothing was merged.",
        f"Shortlisted {made.ambassadors.shortlisted} ambassadors, "
        f"expected to move {made.ambassadors.spread:,.0f} people "
        f"(at least {made.ambassadors.guarantee:.0%} of the best possible, under the model).",
        f"Opened {made.accounts_opened:,} loyalty accounts and booked {made.earned.earned:,} awards.",
        f"Asked the leash about {plan.persons:,} people: {_verdicts(plan.verdicts)}.",
        f"Delivered {story.delivered.accepted:,} messages; kept {plan.held_out:,} people as holdout.",
        f"What it changed: {_effect(effect)}.",
    ):
        console.print(f"  {line}")


def _verdicts(verdicts: dict[str, int]) -> str:
    return ", ".join(f"{verdict} {count:,}" for verdict, count in verdicts.items() if count)


def _effect(effect: Incremental) -> str:
    """The effect as an interval, never a bare point."""
    found = effect.response_rate.estimate
    if found is None:
        return f"can't say ({effect.response_rate.code.replace('_', ' ')})"
    return (
        f"{found.value * 100:+.1f} points more answered than in the holdout "
        f"(95 % interval {found.low * 100:+.1f} to {found.high * 100:+.1f})"
    )
