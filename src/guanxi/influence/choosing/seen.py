"""Reads what is known of the chosen when a choice is made: so the reasons it gave stay what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from guanxi.influence.choosing.choice import Candidates
from guanxi.influence.choosing.why import Marked, Seen, marked
from guanxi.influence.whatif import Kept, apart
from guanxi.lake.engine import Engine
from guanxi.lake.named import sql

_ROOM = "guanxi.influence"


def seen_of(
    engine: Engine,
    candidates: Candidates,
    kept: Kept,
    chosen: Sequence[int],
    firm: Mapping[int, float],
) -> list[Seen]:
    """What is known of each of the chosen, in their order; ``firm`` as ``certainty`` says it."""
    engine.offer("wanted", pa.table({"fan": pa.array(list(chosen), pa.int64())}))
    rows = {row.pop("fan"): row for row in engine.ask(sql(_ROOM, "chosen_evidence")).to_pylist()}
    marks = engine.ask(sql(_ROOM, "chosen_marks")).to_pylist()
    cities, topics = (_marked([row for row in marks if row["trait"] == trait]) for trait in ("city", "topic"))
    reached = apart(kept, chosen)
    moved = _moved(candidates, chosen)
    return [
        Seen(
            fan,
            *reached[fan],
            direct=moved[fan][0],
            strangers=moved[fan][1] if len(candidates.customers) else None,
            city=cities.get(fan),
            topic=topics.get(fan),
            firm=firm.get(fan),
            **rows[fan],
        )
        for fan in chosen
    ]


def seen_again(kept: Sequence[Mapping[str, Any]]) -> list[Seen]:
    """The same from what a run kept."""
    return [
        Seen(**{**one, **{trait: Marked(**one[trait]) for trait in ("city", "topic") if one[trait]}})
        for one in kept
    ]


def _marked(rows: Sequence[Mapping[str, Any]]) -> dict[int, Marked]:
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["fan"], {})[row["value"]] = row["people"]
    return marked(counts, {row["fan"]: row["known"] for row in rows})


def _moved(candidates: Candidates, chosen: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By fan, how many people they moved directly, and how many of those are no known customers."""
    fans = np.unique(np.asarray(chosen, np.int64))
    mine = np.isin(candidates.influencer, fans)
    place = np.searchsorted(fans, candidates.influencer[mine])
    new = ~np.isin(candidates.influenced[mine], candidates.customers)
    people, strangers = (np.bincount(rows, minlength=len(fans)).tolist() for rows in (place, place[new]))
    return dict(zip(fans.tolist(), zip(people, strangers, strict=True), strict=True))
