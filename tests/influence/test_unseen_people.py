"""Who is moved without a tie yet: as many as is true, a reason to choose who gave few occasions, nobody by name."""

from __future__ import annotations

import numpy as np
import pytest

from guanxi.influence.choosing.choice import Candidates, Wanted
from guanxi.influence.choosing.making import Question, choose_best
from guanxi.influence.choosing.unseen import Unseen, unseen_beside, wider
from guanxi.influence.learning.rates import learn
from guanxi.influence.whatif import reach

NOBODY = np.empty(0, np.int64)


def _question(ties: tuple[np.ndarray, ...], unseen: Unseen, **asked: object) -> Question:
    u, v, p = ties
    known = Candidates(u, v, p, p, p, NOBODY, {}, NOBODY, None, {}, {}, {}, unseen)
    return Question(known, Wanted("everybody", **asked))  # type: ignore[arg-type]


def test_ties_alone_say_too_little_and_with_the_unseen_they_say_what_is_true() -> None:
    rng = np.random.default_rng(3)
    heard = np.minimum((rng.pareto(1.7, 4_000) + 1) * 4, 400).astype(int)
    u = np.repeat(np.arange(4_000), heard)
    truth = np.clip(rng.gamma(1.5, 0.05, 4_000)[u] * rng.gamma(1.2, 1 / 1.2, len(u)), 0, 0.9)
    given = rng.geometric(0.2, 4_000)
    moved = rng.binomial(given[u], truth)
    seen = moved > 0
    ties, counts = u[seen], moved[seen]
    chance = learn(ties, counts, given[ties]).probability
    fans = np.unique(ties)
    found = unseen_beside(ties, chance, (fans, np.bincount(ties, counts)[fans].astype(int), given[fans]))
    real = np.bincount(u, truth)[fans].sum()
    assert chance.sum() < 0.7 * real
    assert chance.sum() + found.moved(ties, chance).sum() == pytest.approx(real, rel=0.1)
    assert (found.ratio > 0).all()


def test_of_few_influencers_and_of_those_whose_ties_say_all_nothing_is_said() -> None:
    fans = np.arange(30)
    ties, chance = np.repeat(fans, 5), np.full(150, 0.5)
    few = unseen_beside(ties[:50], chance[:50], (fans[:10], np.full(10, 9), np.full(10, 1)))
    much = unseen_beside(ties, chance, (fans, np.full(30, 50), np.full(30, 400)))
    assert len(few.influencer) == len(much.influencer) == 0


def test_who_moved_as_many_on_one_occasion_as_another_on_ten_is_chosen_first() -> None:
    ties = (np.repeat([1, 2], 10), np.arange(100, 120), np.repeat([0.1, 0.2], 10))
    plain, told = (
        _question(ties, unseen, k=1) for unseen in (Unseen(), Unseen(np.array([1]), np.array([8.0])))
    )
    assert choose_best(plain).seeds == [2]
    found = choose_best(told)
    assert found.seeds == [1]
    assert found.spread == pytest.approx(1 + 8, rel=0.05)
    assert (found.people, found.ties) == (22, 20)
    kept = told.kept(told.candidates.probability, 3)
    assert reach(kept, [1]).spread == pytest.approx(9, rel=0.1)
    assert told.unseen_part([1]) == pytest.approx(8, rel=0.1)
    assert told.unseen_part([2]) == plain.unseen_part([1]) == 0
    assert set(kept.person.tolist()) == {1, 2}


def test_the_unnamed_count_as_those_they_are_like_and_move_with_their_ties() -> None:
    u, v, p = np.array([1, 1, 2, 3]), np.array([11, 12, 13, 14]), np.array([0.2, 0.4, 0.5, 0.5])
    unseen = Unseen(np.array([1, 3]), np.array([2.0, 1.0]))
    found = wider(u, v, p, unseen, {11: 5.0, 12: 0.0, 13: 1.0})
    assert found.unnamed.tolist() == [-2]
    assert found.targets is not None
    chances = found.chances(p)
    assert chances.tolist()[:4] == p.tolist()
    assert found.targets[-2] * chances[4] == pytest.approx(2 * 0.2 * 5)
    assert found.chances(p / 2)[4] == pytest.approx(chances[4] / 2)
    assert wider(u, v, p, Unseen(), None).targets is None
