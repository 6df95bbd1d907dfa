"""How answers of `guanxi influence` look on a terminal; ids are shown as they are, whatever is written in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from guanxi.influence.hindsight.backtest import WAYS, Backtest
from guanxi.influence.hindsight.predict import Prediction
from guanxi.influence.logged import Logged
from guanxi.influence.seeds import SeedSet


@contextmanager
def doing(what: str) -> Iterator[None]:
    """A terminal says what goes on until it is over; nothing is said where nobody looks."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def named(who: object) -> Text:
    """An id as it is: no markup, and signs that would move the cursor are spelt out."""
    return Text("".join(one if one.isprintable() else repr(one)[1:-1] for one in str(who)))


def show_ties(found: Logged, answer: dict[str, Any]) -> None:
    """The likeliest ties, and what was learned of all."""
    table = Table(title="The likeliest ties")
    for name in ("influencer", "influenced"):
        table.add_column(name)
    for name in ("seen", "chance", "90 % interval"):
        table.add_column(name, justify="right")
    for tie in answer["likeliest"]:
        interval = f"{tie['low']:.4f} to {tie['high']:.4f}"
        figures = (f"{tie['seen']:,}", f"{tie['probability']:.4f}", interval)
        table.add_row(named(tie["influencer"]), named(tie["influenced"]), *figures)
    Console().print(table)
    rest = {name: value for name, value in answer.items() if name not in ("likeliest", "told")}
    show("Ties learned", rest | {"half_life": answer["half_life"] or "none: nothing fades"})


def show_seeds(found: SeedSet, answer: dict[str, Any]) -> None:
    """The chosen, best first, and what the model promises of them."""
    table = Table(title=f"{len(found.seeds)} of {found.people:,} people, {found.ties:,} ties")
    table.add_column("", justify="right")
    table.add_column("chosen")
    table.add_column("adds", justify="right")
    for place, (who, adds) in enumerate(zip(found.seeds, found.marginal, strict=True), 1):
        table.add_row(str(place), named(who), f"{adds:,.1f}")
    Console().print(table)
    if found.worst is not None:
        show("In the worst of the worlds drawn", asdict(found.worst))
    show(
        "Under the model",
        {
            "spread": f"{found.spread:,.1f} ({found.low:,.1f} to {found.high:,.1f})",
            "at least this share of the best": f"{found.guarantee:.3f}",
            "chance that any of these is wrong": f"{found.delta:.1e}",
            "sets drawn to choose": f"{found.sets:,}",
            "seconds choosing": f"{found.seconds:.4f}",
            "seconds reading and building": f"{answer['read_seconds'] + found.build_seconds:.3f}",
            "peak memory": f"{answer['peak_bytes'] / 1e6:,.0f} MB",
        },
    )


def show_backtest(found: Backtest, k: int) -> None:
    """What each way of choosing reached, the best first."""
    table = Table(
        title=f"Of {found.movers:,} people who moved later, reached by the {k} chosen",
        caption=f"own messages: passed on within {found.within:,.6g} of the log's time, by whomever they reached; "
        + _fades(found),
    )
    for name in ("chosen by", "directly", "own messages", "passed on", "hands"):
        table.add_column(name, justify="left" if name == "chosen by" else "right")
    for name in sorted([*WAYS, "hindsight"], key=lambda n: -found.reach[n]):
        far, is_best = found.far[name], name in (found.best, found.best_far)
        called = f"[bold]{name}[/bold]" if is_best else name
        through = f"{far.worth / found.counted:.1%}"
        table.add_row(called, f"{found.reach[name]:.1%}", through, f"{far.acts:,}", str(far.hands))
    Console().print(table)


def _fades(found: Backtest) -> str:
    half_life = found.fading.half_life
    if half_life is None:
        return "evidence of learned ties does not fade"
    return f"evidence of learned ties halves in {half_life:,.6g}"


def show_prediction(found: Prediction) -> None:
    """How well each score told, the best first."""
    table = Table(
        title="How well each score told what came after (AUC; by lot: 0.5)",
        caption=f"again: {found.came_again:,} of {found.pairs:,} pairs; whom: {found.came:,} pairs of known people",
    )
    for name in ("scored by", "again", "whom"):
        table.add_column(name, justify="left" if name == "scored by" else "right")
    for name in sorted(found.again, key=lambda n: -found.again[n]):
        table.add_row(name, f"{found.again[name]:.3f}", f"{found.whom[name]:.3f}")
    Console().print(table)


def show(title: str, answer: dict[str, Any]) -> None:
    """Names and figures in two columns."""
    table = Table(title=title, show_header=False)
    for name, value in answer.items():
        table.add_row(name.replace("_", " "), _written(name, value))
    Console().print(table)


def _written(name: str, value: object) -> str:
    """A figure as people read it."""
    if name == "peak_bytes" and isinstance(value, int):
        return f"{value / 1e6:,.0f} MB"
    if isinstance(value, float):
        return f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value or "–")
