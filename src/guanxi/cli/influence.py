"""`guanxi influence`: seeds, learned ties and back-tests from files; needs no installation."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import typer

from guanxi.cli.influence_shown import doing, show_backtest, show_prediction, show_seeds, show_ties
from guanxi.influence.choosing.certainty import drawn_worlds
from guanxi.influence.delimited import read_rows
from guanxi.influence.edges import read_edges, read_log
from guanxi.influence.hindsight.backtest import backtest
from guanxi.influence.hindsight.fading import TOLD, HalfLife
from guanxi.influence.hindsight.predict import predict
from guanxi.influence.kernels.choosing import BEYOND
from guanxi.influence.kernels.graph import Floats
from guanxi.influence.logged import learn_ties
from guanxi.influence.seeds import Within, choose_seeds
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
        "the log tell, which is for whom to choose, not for which pairs come again."
    ),
]
NONE = "none"
_LIKELIEST = 10


class Model(StrEnum):
    """How influence spreads."""

    IC = "ic"
    LT = "lt"


Edges = Annotated[
    Path, typer.Argument(help="Ties: CSV, TSV, Parquet, white space; packed or not, or a pipe.")
]
LogFile = Annotated[
    Path, typer.Argument(help="Action log: influencer, influenced, time, perhaps kind; files as for seeds.")
]
Spreading = Annotated[
    Model, typer.Option(help="Independent cascade or linear threshold.", case_sensitive=False)
]
Threads = Annotated[
    int, typer.Option(help="How many draw at once; never changes the answer.", min=1, max=256)
]


@app.command()
def seeds(
    edges: Edges,
    k: Annotated[int, typer.Option("--k", "-k", help="How many to choose.")] = 50,
    model: Spreading = Model.IC,
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
    threads: Threads = 2,
    as_json: As_JSON = False,
) -> None:
    """Choose the people to begin with, and say what they are sure to reach."""
    begun = time.perf_counter()
    with doing(f"Reading {edges.name}"):
        ties = read_edges(edges, influencer, influenced, probability, undirected)
        ends = [read_edges(edges, influencer, influenced, end, undirected) for end in (low, high) if robust]
    read = time.perf_counter() - begun
    within = Within(_costs(costs), budget, _groups(groups), group_max)
    asked: dict[str, Any] = {"seed": seed, "threads": threads, "beyond": beyond}
    with doing("Choosing"):
        warm_up(threads, model, ties.probability is not None, within)
        worlds = _worlds(ties, ends, robust, seed)
        found = choose_seeds(ties, k, model.value, epsilon, within=within, worlds=worlds, **asked)
    said = {"k": k, "model": model.value, "probability": probability, "epsilon": epsilon, "seed": seed}
    answer = asdict(found) | said | {"read_seconds": read, "peak_bytes": peak_bytes()}
    _print_json(answer) if as_json else show_seeds(found, answer)


@app.command()
def learn(
    log: LogFile,
    out: Annotated[Path | None, typer.Option(help="Write the ties here (.parquet or .csv).")] = None,
    influencer: Influencer = None,
    influenced: Influenced = None,
    time_column: Time = None,
    kind: Kind = None,
    only: Only = None,
    half_life: LearnedHalfLife = NONE,
    as_json: As_JSON = False,
) -> None:
    """Learn a log's ties: how often each pair was seen, and how likely it is again, with 90 % intervals."""
    if out is not None and out.suffix not in (".parquet", ".csv"):
        raise Refused("option_unfit", f"--out {out.name}; it ends in .parquet or .csv")
    wanted = _half_life(half_life)
    with doing(f"Reading {log.name}"):
        heard = read_log(log, influencer, influenced, time_column, kind, only or ())
    begun = time.perf_counter()
    with doing("Learning ties"):
        found = learn_ties(heard, wanted)
    seconds = time.perf_counter() - begun
    if out is not None:
        _write(found.table, out)
    answer = {
        "rows": len(heard.time),
        **_told(found.table),
        "level": found.fading.level,
        "half_life": found.fading.half_life,
        "half_life_by": "log" if wanted == TOLD else "option",
        "told": found.fading.told,
        "seconds": seconds,
        "peak_bytes": peak_bytes(),
        "out": None if out is None else str(out),
    }
    _print_json(answer) if as_json else show_ties(found, answer)


@app.command("backtest")
def backtest_command(
    log: LogFile,
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
    wanted = _half_life(half_life)
    with doing(f"Reading {log.name}"):
        heard = read_log(log, influencer, influenced, time_column, kind, only or (), message)
    with doing("Choosing and judging"):
        found = backtest(heard, k, split, seed, within, half_life=wanted)
    _print_json(asdict(found)) if as_json else show_backtest(found, k)


@app.command("predict")
def predict_command(
    log: LogFile,
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
    with doing(f"Reading {log.name}"):
        heard = read_log(log, influencer, influenced, time_column, kind, only or ())
    with doing("Learning and judging"):
        found = predict(heard, split, seed)
    _print_json(asdict(found)) if as_json else show_prediction(found)


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
    if text == NONE:
        return None
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise Refused("option_unfit", f"--half-life {text}; it is a number above 0, {TOLD} or {NONE}")
    return found


def warm_up(threads: int, model: Model, unlike: bool, within: Within) -> None:
    """The kernels that such a choice takes are compiled or loaded, so that seconds of choosing are only that."""
    ring = np.array([0, 1, 2, 0]), np.array([1, 2, 0, 2])
    ties = (*ring, np.array([0.1, 0.2, 0.3, 0.4])) if unlike else ring
    prices: dict[object, float] = dict.fromkeys(range(3), 1.0)
    crowds: dict[object, int] = dict.fromkeys(range(3), 0)
    limits = Within() if within.costs is None else Within(prices, 1.0)
    limits = limits if within.groups is None else replace(limits, groups=crowds, group_max=1)
    choose_seeds(ties, 1, model.value, threads=threads, within=limits)


def _costs(path: Path | None) -> dict[object, float] | None:
    """What each id of the file costs; None without a file."""
    if path is None:
        return None
    ids, prices = _two_columns(path, 1)
    return dict(zip(ids, numbers(prices).tolist(), strict=True))


def _groups(path: Path | None) -> dict[object, int] | None:
    """The community of each id of the file, as a number; None without a file."""
    if path is None:
        return None
    ids, groups = _two_columns(path, 2)
    return dict(zip(ids, coded(groups).columns[0].tolist(), strict=True))


def _two_columns(path: Path, ids_first: int) -> tuple[list[object], pa.ChunkedArray]:
    """The ids of a file, each once, and what stands beside them; so many columns are ids."""
    rows = read_rows(path, (), lambda names: names[:ids_first])
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


def _told(ties: pa.Table) -> dict[str, Any]:
    """What is told of learned ties."""
    chance = ties["probability"].to_numpy()
    first = np.argsort(-chance, kind="stable")[:_LIKELIEST]
    return {
        "ties": ties.num_rows,
        "seen_again_share": float((ties["seen"].to_numpy() > 1).mean()),
        "probability_median": float(np.median(chance)),
        "probability_max": float(chance.max()),
        "expected": float(chance.sum()),
        "likeliest": ties.take(pa.array(first)).to_pylist(),
    }


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, default=str))
