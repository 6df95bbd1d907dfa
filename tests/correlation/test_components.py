from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.correlation.components import components

pairs = st.lists(
    st.tuples(st.integers(0, 15).map(lambda n: n * 2), st.integers(0, 15).map(lambda n: n * 2 + 1)),
    max_size=40,
)


def grown(links: list[tuple[int, int]]) -> dict[int, int]:
    """The same by the plainest means: grow each set until it stops growing."""
    person: dict[int, int] = {}
    for start in sorted({code for link in links for code in link}):
        if start in person:
            continue
        reached = {start}
        while True:
            more = {c for link in links if set(link) & reached for c in link} - reached
            if not more:
                break
            reached |= more
        person.update(dict.fromkeys(reached, min(reached)))
    return person


@settings(deadline=None, max_examples=50)
@given(pairs)
def test_components_are_those_that_grow_by_hand(links):
    left = np.array([a for a, _ in links], dtype=np.int64)
    right = np.array([b for _, b in links], dtype=np.int64)
    identities, persons = components(left, right)
    assert dict(zip(identities.tolist(), persons.tolist(), strict=True)) == grown(links)


def test_a_long_chain_in_any_order_is_one_person():
    places = np.random.default_rng(7).permutation(20_000)
    _, persons = components(places[:-1], places[1:])
    assert np.all(persons == 0)
