"""A choice for a topic goes by what each influencer moves on it, as far as the evidence allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from worlds import END, declared, mirrored, told

from guanxi.influence.choosing.candidates import read_candidates
from guanxi.influence.choosing.choice import Wanted
from guanxi.influence.learning.topics import OnTopic, topical
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
    chance = found.scaled(np.array([most, most, 9_999, most]), np.array([0.1, 0.9, 0.3, 1.0]))
    assert chance[0] == pytest.approx(0.1 * found.factor.max())
    assert chance[1:].tolist() == [0.99, 0.3, 1.0]


@pytest.fixture
def engine(house: object) -> Iterator[Engine]:
    declared()
    with Engine(memory="1GB") as opened:
        yield opened


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
