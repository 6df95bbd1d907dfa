"""`guanxi influence`: seeds, learned ties and back-tests from files; needs no installation."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.table import Table

from guanxi.influence.choosing.certainty import drawn_worlds
from guanxi.influence.delimited import read_rows
from guanxi.influence.edges import Log, read_edges, read_log
from guanxi.influence.hindsight.backtest import WAYS, Backtest, backtest
from guanxi.influence.hindsight.fading import TOLD, Fading, HalfLife, Known, Told, fading_of, fading_said
from guanxi.influence.hindsight.predict import Prediction, predict
from guanxi.influence.kernels.choosing import BEYOND
from guanxi.influence.kernels.graph import Floats, dense_ids
from guanxi.influence.seeds import SeedSet, Within, choose_seeds
from guanxi.influence.terms import free
from guanxi.influence.ties import Ties, coded, numbers
from guanxi.vocabulary.reasons import Refused

app = typer.Typer(
    help="Who moves whom: seed sets, learned ties and back-tests from files.", no_args_is_help=True
)

As_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Influencer = Annotated[str | None, typer.Option(help="Column of the influencer: a name, or a number from 1.")]
Influenced = Annotated[str | None, typer.Option(help="Column of the influenced.")]
Time = Annotated[str | None, typer.Option("--time", help="Column of the time.")]
Kind = Annotated[str | None, typer.Option("--kind", help="Column of the kind.")]
Seed = Annotated[int, typer.Option(help="Where chance begins.")]
Only = Annotated[list[str] | None, typer.Option(help="Keep rows of this kind; may be given again.")]


Beyond = Annotated[
    float, typer.Option(help="Go on until about this share may be lost to chance; 1: stop at once.")
]
Costs = Annotated[
    Path | None, typer.Option(help="What each asks: id and cost; who is not named is not chosen.")
]
Robust = Annotated[
    int,
    typer.Option(help="Choose for the worst of so many worlds drawn from --low and --high; 0: no.", min=0),
]
Within_ = Annotated[
    float | None, typer.Option(help="How long people pass on, in the log's time; a tenth of the rest.")
]
ToldHalfLife = Annotated[
    str,
    typer.Option(
        help="After which evidence of ties counts half, in the log's time; none; told: as the first part tells."
    ),
]
LearnedHalfLife = Annotated[
    str,
    typer.Option(
        help="After which a sight of a pair counts half, in the log's time; none; told: as choices of 50 within "
        "the log tell."
    ),
]
TOLD_BY = 50


class Model(StrEnum):
    """How influence spreads."""

    IC = "ic"
    LT = "lt"


@app.command()
def seeds(
    edges: Annotated[Path, typer.Argument(help="Ties: CSV, TSV, Parquet, white space; gzip or not.")],
    k: Annotated[int, typer.Option("--k", "-k", help="How many to choose.")] = 50,
    model: Annotated[Model, typer.Option(help="Independent cascade or linear threshold.")] = Model.IC,
    probability: Annotated[str, typer.Option(help="wc for 1/in-degree, or a column.")] = "wc",
    epsilon: Annotated[float, typer.Option(help="Stop once 1 - 1/e - epsilon is guaranteed.")] = 0.1,
    beyond: Beyond = BEYOND,
    costs: Costs = None,
    budget: Annotated[float | None, typer.Option(help="The most that all may cost.")] = None,
    groups: Annotated[Path | None, typer.Option(help="Community of each: id and its number or name.")] = None,
    group_max: Annotated[int | None, typer.Option(help="How many of one community.")] = None,
    robust: Robust = 0,
    low: Annotated[str, typer.Option(help="Column: low end of a tie's 90 % interval.")] = "low",
    high: Annotated[str, typer.Option(help="Column: high end of it.")] = "high",
    seed: Seed = 0,
    undirected: Annotated[bool, typer.Option(help="Read every row both ways.")] = False,
    influencer: Influencer = None,
    influenced: Influenced = None,
    threads: Annotated[int, typer.Option(help="How many draw at once; never changes the answer.", min=1)] = 2,
    as_json: As_JSON = False,
) -> None:
    """Choose the people to begin with, and say what they are sure to reach."""
    begun = time.perf_counter()
    ties = read_edges(edges, influencer, influenced, probability, undirected)
    read = time.perf_counter() - begun
    warm_up(threads)
    within = Within(_costs(costs), budget, _groups(groups), group_max)
    ends = [read_edges(edges, influencer, influenced, end, undirected) for end in (low, high) if robust]
    asked: dict[str, Any] = {"seed": seed, "threads": threads, "within": within, "beyond": beyond}
    found = choose_seeds(ties, k, model.value, epsilon, worlds=_worlds(ties, ends, robust, seed), **asked)
    answer = asdict(found) | {
        "model": model.value,
        "epsilon": epsilon,
        "read_seconds": read,
        "peak_bytes": peak_bytes(),
    }
    _print_json(answer) if as_json else _show_seeds(found, answer)


@app.command()
def learn(
    log: Annotated[Path, typer.Argument(help="Action log: influencer, influenced, time, perhaps kind.")],
    out: Annotated[Path | None, typer.Option(help="Write the ties here (.parquet or .csv).")] = None,
    influencer: Influencer = None,
    influenced: Influenced = None,
    time_column: Time = None,
    kind: Kind = None,
    only: Only = None,
    half_life: LearnedHalfLife = TOLD,
    as_json: As_JSON = False,
) -> None:
    """Learn a log's ties: counts, credited chances at the level that the back-test takes, 90 % intervals."""
    if out is not None and out.suffix not in (".parquet", ".csv"):
        raise Refused("option_unfit", f"--out {out.name}; it ends in .parquet or .csv")
    wanted = _half_life(half_life)
    heard = read_log(log, influencer, influenced, time_column, kind, only or ())
    begun = time.perf_counter()
    ties, fading = _learned(heard, wanted)
    seconds = time.perf_counter() - begun
    if out is not None:
        _write(ties, out)
    seen = ties["seen"].to_numpy()
    chance = ties["probability"].to_numpy()
    answer = {
        "rows": len(heard.time),
        "ties": ties.num_rows,
        "seen_again_share": float((seen > 1).mean()),
        "probability_median": float(np.median(chance)),
        "probability_max": float(chance.max()),
        "level": fading.level,
        "half_life": fading.half_life,
        "half_life_by": "log" if wanted == TOLD else "option",
        "seconds": seconds,
        "peak_bytes": peak_bytes(),
        "out": None if out is None else str(out),
    }
    if as_json:
        _print_json(answer | {"told": fading.told})
        return
    _show("Ties learned", answer | {"half_life": answer["half_life"] or "none: nothing fades"})


@app.command("backtest")
def backtest_command(
    log: Annotated[Path, typer.Argument(help="Action log: influencer, influenced, time, perhaps kind.")],
    split: Annotated[float, typer.Option(help="Share of the rows to choose on.")] = 0.6,
    k: Annotated[int, typer.Option("--k", "-k", help="How many to choose.", min=1)] = 50,
    seed: Seed = 0,
    influencer: Influencer = None,
    influenced: Influenced = None,
    time_column: Time = None,
    kind: Kind = None,
    only: Only = None,
    message: Annotated[str | None, typer.Option(help="Column of the message that was passed on.")] = None,
    within: Within_ = None,
    half_life: ToldHalfLife = TOLD,
    as_json: As_JSON = False,
) -> None:
    """Choose on the first part of a log; see whom the chosen reached in the rest, and how far their messages went."""
    if within is not None and not within > 0:
        raise Refused("option_unfit", f"--within {within}; it is above 0")
    heard = read_log(log, influencer, influenced, time_column, kind, only or (), message)
    found = backtest(heard, k, split, seed, within, half_life=_half_life(half_life))
    if as_json:
        _print_json(asdict(found))
        return
    _show_backtest(found, k)


@app.command("predict")
def predict_command(
    log: Annotated[Path, typer.Argument(help="Action log: influencer, influenced, time, perhaps kind.")],
    split: Annotated[float, typer.Option(help="Share of the rows to learn from.")] = 0.6,
    seed: Seed = 0,
    influencer: Influencer = None,
    influenced: Influenced = None,
    time_column: Time = None,
    kind: Kind = None,
    only: Only = None,
    as_json: As_JSON = False,
) -> None:
    """Learn from the first part of a log who moves whom, and see how well it tells the rest."""
    heard = read_log(log, influencer, influenced, time_column, kind, only or ())
    found = predict(heard, split, seed)
    if as_json:
        _print_json(asdict(found))
    else:
        _show_prediction(found)


def _worlds(ties: Ties, ends: list[Ties], worlds: int, seed: int) -> list[Floats]:
    """What else the chances may be, from the ends of their intervals; none where none are asked for."""
    if not ends:
        return []
    low, high = (end.probability for end in ends)
    if ties.probability is None or low is None or high is None:
        raise Refused("worlds_without_intervals")
    return drawn_worlds(ties.ids.columns[0], ties.probability, low, high, worlds, seed)


def _half_life(text: str) -> HalfLife:
    if text == TOLD:
        return TOLD
    if text == "none":
        return None
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise Refused("option_unfit", f"--half-life {text}; it is a number above 0, {TOLD} or none")
    return found


def warm_up(threads: int) -> None:
    """The kernels are compiled or loaded, so that seconds of choosing are only that."""
    ring = (np.array([0, 1, 2]), np.array([1, 2, 0]))
    for model in Model:
        choose_seeds(ring, 1, model.value, threads=threads)


def _costs(path: Path | None) -> dict[object, float] | None:
    """What each id of the file costs; None without a file."""
    if path is None:
        return None
    ids, prices = _two_columns(path)
    return dict(zip(ids, numbers(prices).tolist(), strict=True))


def _groups(path: Path | None) -> dict[object, int] | None:
    """The community of each id of the file, as a number; None without a file."""
    if path is None:
        return None
    ids, groups = _two_columns(path)
    return dict(zip(ids, coded(groups).columns[0].tolist(), strict=True))


def _two_columns(path: Path) -> tuple[list[object], pa.ChunkedArray]:
    """The ids of a file, each once, and what stands beside them."""
    rows = read_rows(path)
    if rows.num_columns < 2:
        raise Refused("column_missing", f"2 of {path.name}")
    known = coded(rows.column(0))
    ids = known.decoded(known.columns[0])
    if len(set(ids)) < len(ids):
        raise Refused("id_twice", path.name)
    return ids, rows.column(1)


def peak_bytes() -> int:
    """The most memory this process ever held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _write(ties: pa.Table, out: Path) -> None:
    try:
        pq.write_table(ties, out) if out.suffix == ".parquet" else csv.write_csv(ties, out)
    except OSError as wrong:
        raise Refused("file_unwritable", f"{out}: {wrong.strerror or wrong}") from None


def _learned(log: Log, half_life: HalfLife) -> tuple[pa.Table, Fading]:
    ids, influencer, influenced = dense_ids(log.influencer, log.influenced)
    part = Told(len(ids), influencer, influenced, log.time)
    if not isinstance(half_life, str):
        fading = fading_said(part, half_life)
    else:
        fading = fading_of(part, free(len(ids)), TOLD_BY, half_life)
    known = Known(part)
    pairs = known.faded(fading.half_life)
    low, high = pairs.interval(fading.level)
    columns = {
        "influencer": log.ids.decoded(ids[pairs.influencer]),
        "influenced": log.ids.decoded(ids[pairs.influenced]),
        "seen": known.faded(None).seen.astype(np.int64),
        "probability": pairs.chances(fading.level),
        "low": low,
        "high": high,
    }
    return pa.table(columns), fading


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, default=str))


def _show_seeds(found: SeedSet, answer: dict[str, Any]) -> None:
    table = Table(title=f"{len(found.seeds)} of {found.people:,} people, {found.ties:,} ties")
    table.add_column("", justify="right")
    table.add_column("chosen")
    table.add_column("adds", justify="right")
    for place, (who, adds) in enumerate(zip(found.seeds, found.marginal, strict=True), 1):
        table.add_row(str(place), str(who), f"{adds:,.1f}")
    Console().print(table)
    if found.worst is not None:
        _show("In the worst of the worlds drawn", asdict(found.worst))
    _show(
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


def _show_backtest(found: Backtest, k: int) -> None:
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


def _show_prediction(found: Prediction) -> None:
    table = Table(
        title="How well each score told what came after (AUC; by lot: 0.5)",
        caption=f"again: {found.came_again:,} of {found.pairs:,} pairs; whom: {found.came:,} pairs of known people",
    )
    for name in ("scored by", "again", "whom"):
        table.add_column(name, justify="left" if name == "scored by" else "right")
    for name in sorted(found.again, key=lambda n: -found.again[n]):
        table.add_row(name, f"{found.again[name]:.3f}", f"{found.whom[name]:.3f}")
    Console().print(table)


def _show(title: str, answer: dict[str, Any]) -> None:
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
