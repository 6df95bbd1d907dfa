"""A choice for a topic goes by what each influencer moves on it, as far as the evidence allows."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from worlds import END, mirrored, told

from guanxi.influence.choosing.candidates import read_candidates
from guanxi.influence.choosing.certainty import drawn_worlds
from guanxi.influence.choosing.choice import Wanted
from guanxi.influence.learning.rates import Learned, learn
from guanxi.influence.learning.topics import OnTopic, Topical, topical
from guanxi.influence.refresh import refresh_ties
from guanxi.lake.engine import Engine
from guanxi.social import tables as social
from guanxi.vocabulary.progress import SILENT

TOPICS = ("tea", "running")


def _seen(spread: float, influencers: int = 600, seed: int = 3) -> tuple[OnTopic, np.ndarray]:
    """Half the occasions are on the topic; each moves others there as much more as a gamma of this spread says."""
    rng = np.random.default_rng(seed)
    factor = rng.gamma(spread**-2, spread**2, influencers) if spread else np.ones(influencers)
    given = rng.integers(5, 60, influencers)
    on = rng.binomial(given, 0.5)
    here, there = rng.poisson(0.5 * on * factor), rng.poisson(0.5 * (given - on))
    return OnTopic(np.arange(influencers), here, here + there, on, given), factor


def test_factors_follow_the_truth_where_topics_matter_and_are_one_where_they_do_not() -> None:
    seen, truth = _seen(0.0)
    found = topical(seen)
    assert found is not None
    assert np.abs(found.factor - 1).max() < 0.1
    seen, truth = _seen(0.8)
    found = topical(seen)
    assert found is not None
    assert np.corrcoef(np.log(found.factor), np.log(truth[found.influencer] + 0.05))[0, 1] > 0.5
    assert found.strength < 20


def test_too_few_influencers_on_a_topic_say_nothing() -> None:
    assert topical(_seen(0.8, influencers=12)[0]) is None


def test_chances_are_scaled_within_bounds_and_of_nobody_who_is_unknown() -> None:
    seen, _truth = _seen(0.8)
    found = topical(seen)
    assert found is not None
    most = found.influencer[found.factor.argmax()]
    chance = np.array([0.1, 0.9, 0.3, 1.0])
    on = found.scaled(np.array([most, most, 9_999, most]), chance, chance / 2, np.minimum(chance * 2, 1.0))
    assert on.chance[0] == pytest.approx(0.1 * found.factor.max())
    assert on.chance[1:].tolist() == [0.99, 0.3, 1.0]
    assert (on.low <= on.chance).all()
    assert (on.chance <= on.high).all()
    assert (on.high[3], on.doubt[3]) == (1.0, 0.0)
    assert on.low[2] < 0.15
    assert on.high[2] > 0.6
    assert on.doubt[2] > on.doubt[0]


def _brand(differ: float, seed: int) -> tuple[np.ndarray, Learned, Topical, np.ndarray]:
    """Influencers, learned ties, factors on the first of eight topics, and what ties truly come to on it."""
    rng = np.random.default_rng(seed)
    rate = np.clip(0.03 * rng.gamma(1.2, 1 / 1.2, 1_000), 1e-4, 0.9)
    influencer = np.repeat(np.arange(1_000), rng.integers(5, 60, 1_000))
    factor = rng.gamma(differ**-2, differ**2, (1_000, 8)) if differ else np.ones((1_000, 8))
    given = rng.multinomial(rng.integers(2, 41, 1_000), np.full(8, 1 / 8))
    chance = (rate[influencer] * rng.gamma(1.15, 1 / 1.15, len(influencer)))[:, None] * factor[influencer]
    chance = np.clip(chance, 0, 0.95)
    moved = rng.binomial(given[influencer], chance)
    seen = moved.sum(axis=1) > 0
    ties = learn(influencer[seen], moved.sum(axis=1)[seen], given.sum(axis=1)[influencer[seen]])
    on, all_topics = (
        np.bincount(influencer, some, 1_000).astype(int) for some in (moved[:, 0], moved.sum(axis=1))
    )
    there = np.flatnonzero((given[:, 0] > 0) & (all_topics > 0))
    counts = (on[there], all_topics[there], given[there, 0], given.sum(axis=1)[there])
    factors = topical(OnTopic(there, *counts))
    assert factors is not None
    return influencer[seen], ties, factors, chance[seen, 0]


@pytest.mark.parametrize("differ", [0.0, 0.35, 1.0])
def test_nine_in_ten_intervals_on_a_topic_hold_the_truth_and_so_do_drawn_worlds(differ: float) -> None:
    influencer, ties, factors, truth = _brand(differ, 3)
    on = factors.scaled(influencer, ties.probability, ties.low, ties.high)
    assert 0.86 <= np.mean((on.low <= truth) & (truth <= on.high)) <= 0.93
    worlds = drawn_worlds(influencer, on.chance, on.low, on.high, 100, 3, on.doubt)
    moved = np.array([np.bincount(influencer, world) for world in worlds])
    low, high = np.percentile(moved, (5, 95), axis=0)
    real = np.bincount(influencer, truth)
    several = np.bincount(influencer) >= 4
    assert 0.84 <= np.mean((low <= real) & (real <= high), where=several) <= 0.97


def _row(number: int, fan: int, kind: str, content: int, through: int | None) -> dict[str, object]:
    at = END - timedelta(days=30) + timedelta(minutes=number)
    return {"id": number, "fan": fan, "account": 1, "platform": "echo", "kind": kind, "content": content,
            "through": through, "happened_at": at, "day": at.date()}  # fmt: skip


def _heard() -> pa.Table:
    """Thirty influencers share ten contents on each topic; even ones are opened on tea, odd ones on running."""
    rows: list[dict[str, object]] = []
    for fan in range(30):
        for content in range(20):
            rows.append(_row(len(rows), fan, "shared", content, None))
            if content % 2 == fan % 2 or content in (4, 5):
                rows.append(_row(len(rows), 100 + fan, "opened", content, fan))
    return pa.Table.from_pylist(rows, social.ENGAGEMENT.schema)


def _contents() -> pa.Table:
    rows = [
        {
            "content": one,
            "account": 1,
            "platform": "echo",
            "topic": TOPICS[one % 2],
            "promotes_product": False,
        }
        for one in range(20)
    ]
    return pa.Table.from_pylist(rows, social.CONTENT.schema)


def test_a_choice_for_a_topic_weighs_ties_by_what_their_influencers_move_on_it(engine: Engine) -> None:
    told(_heard())
    mirrored(social.CONTENT, _contents())
    refresh_ties(engine, END, SILENT)
    nobody = np.empty(0, np.int64)
    plain = read_candidates(engine, Wanted(objective="everybody"), nobody, {})
    tea = read_candidates(engine, Wanted(objective="everybody", topic="tea"), nobody, {})
    even = plain.influencer % 2 == 0
    assert (tea.probability[even] > 1.3 * plain.probability[even]).all()
    assert (tea.probability[~even] < 0.6 * plain.probability[~even]).all()
    assert (tea.low <= tea.probability).all()
    assert (tea.probability <= tea.high).all()
    assert (plain.topic_strength, tea.topic_strength is not None) == (None, True)
    nothing = read_candidates(engine, Wanted(objective="everybody", topic="chess"), nobody, {})
    assert nothing.topic_strength is None
    assert nothing.probability.tolist() == plain.probability.tolist()
