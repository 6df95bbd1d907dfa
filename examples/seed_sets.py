"""Whom to begin with, from ties in memory; no installation, no Django. Run `python examples/seed_sets.py`."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa

from guanxi.influence.seeds import Within, choose_seeds, kept_for
from guanxi.influence.whatif import reach


def say(line: str) -> None:
    """The line is on the screen."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """A hundred fans with ties; the best five, the best five within a budget, and a list of one's own."""
    rng = np.random.default_rng(1)
    influencer, influenced = rng.integers(0, 100, 600), rng.integers(0, 100, 600)
    ties = pa.table({"influencer": influencer, "influenced": influenced, "probability": rng.beta(1, 9, 600)})
    free = choose_seeds(ties, k=5, epsilon=0.05, seed=1)
    say(f"{free.seeds}: {free.low:.1f} to {free.high:.1f} people, at least {free.guarantee:.0%} of the best")

    costs = {fan: 1.0 + float(np.sum(influencer == fan)) / 4 for fan in range(100)}
    paid = choose_seeds(ties, k=5, seed=1, within=Within(costs=costs, budget=8.0))
    say(
        f"{paid.seeds}: {paid.spread:.1f} people for {paid.cost:.2f}, at least {paid.guarantee:.0%} of the best"
    )

    own = reach(kept_for(ties, seed=1), [1, 2, 3, 4, 5])
    say(f"[1, 2, 3, 4, 5]: {own.low:.1f} to {own.high:.1f} people")


if __name__ == "__main__":
    main()
