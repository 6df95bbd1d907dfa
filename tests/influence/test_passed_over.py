"""Why well-known fans are not on a list, and which objective is in force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from guanxi.influence.choosing.choice import Candidates, Wanted, counted, target_weights
from guanxi.influence.choosing.making import Question, not_chosen
from guanxi.influence.whatif import Kept

NOBODY = np.empty(0, np.int64)
HALF = np.full(4, 0.5)
CANDIDATES = Candidates(
    np.array([1, 2, 3, 4]), np.array([11, 12, 13, 14]), HALF, HALF, HALF, NOBODY, {}, NOBODY, None, {}, {}, {}
)
KEPT = Kept(np.arange(60), np.repeat([1, 2, 3, 4], [10, 5, 25, 20]), 100, 100.0)


def test_only_communities_have_caps_and_who_is_in_none_is_not_kept_out_by_one() -> None:
    known = replace(CANDIDATES, community={1: 7, 4: 7})
    question = Question(known, Wanted("everybody", k=2, community_max=1))
    passed = not_chosen(question, KEPT, [1, 2], [1, 2, 3, 4], 0.0)
    assert [(one.fan, one.why) for one in passed] == [(3, "passed_close"), (4, "community_full")]


@pytest.mark.parametrize(
    ("customers", "audience", "objective", "targets"),
    [
        ([], None, "everybody", None),
        ([1, 11], None, "new_customers", {2, 3, 4, 12, 13, 14}),
        ([1, 11], [1, 11], "everybody", {1, 11}),
        ([1, 11], [1, 2], "new_customers", {2}),
        ([1, 11], [3, 4], "new_customers", {3, 4}),
        ([1, 2, 3, 4, 11, 12, 13, 14], None, "everybody", None),
    ],
)
def test_everybody_counts_where_there_is_nobody_else_to_win_and_the_choice_says_so(
    customers: list[int], audience: list[int] | None, objective: str, targets: set[int] | None
) -> None:
    known = replace(
        CANDIDATES,
        customers=np.array(customers, np.int64),
        audience=None if audience is None else np.array(audience),
    )
    wanted = Wanted("new_customers", k=1)
    assert counted(known, wanted) == objective
    found = target_weights(known, wanted)
    assert (None if found is None else set(found)) == targets
