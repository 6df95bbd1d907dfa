"""The holdout: one keyed draw a person and period, that links may widen and never undo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.audiences.holdout import HoldoutRule, drawn, held, is_drawn
from guanxi.vocabulary.reasons import Refused

PEPPER = b"p" * 32
TENTH = HoldoutRule("2026-H2", 100)


def test_the_share_is_what_was_asked_for() -> None:
    flags = drawn(PEPPER, range(20_000), TENTH)
    assert abs(flags.mean() - 0.1) < 4 * (0.1 * 0.9 / 20_000) ** 0.5


@given(st.integers(0, 2**62), st.integers(0, 499))
@settings(max_examples=50, deadline=None)
def test_a_larger_share_keeps_whom_a_smaller_one_held(person: int, permille: int) -> None:
    if is_drawn(PEPPER, person, HoldoutRule("2026", permille)):
        assert is_drawn(PEPPER, person, HoldoutRule("2026", permille + 1))


def test_nobody_is_held_at_share_zero_and_periods_draw_anew() -> None:
    assert not drawn(PEPPER, range(2000), HoldoutRule("2026", 0)).any()
    first, second = (drawn(PEPPER, range(4000), HoldoutRule(period, 250)) for period in ("2026", "2027"))
    assert abs((first & second).mean() - 0.0625) < 0.02
    assert (drawn(b"q" * 32, range(4000), HoldoutRule("2026", 250)) != first).any()


def test_a_person_is_held_if_any_of_its_identities_already_is() -> None:
    identity, person = np.array([2, 3, 4, 6, 7]), np.array([2, 2, 4, 6, 6])
    persons, hashed = np.array([2, 4, 6]), np.array([False, True, False])
    assert held(persons, hashed, identity, person, np.array([3])).tolist() == [True, True, False]
    assert held(persons, hashed, identity, person, np.array([], dtype=np.int64)).tolist() == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(("period", "permille"), [("", 100), ("2026", -1), ("2026", 501), ("x" * 33, 1)])
def test_an_unfit_rule_is_refused(period: str, permille: int) -> None:
    with pytest.raises(Refused):
        HoldoutRule(period, permille)
