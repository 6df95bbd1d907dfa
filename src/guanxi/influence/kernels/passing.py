"""One pass over a log in order of time: whom do some people's own messages reach, through how many hands?"""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def passed_on(source, target, person, own, chosen, time, states, within):  # type: ignore[no-untyped-def]
    """Acts that descend from the chosen, whether each person did any, and hands of the longest chain.

    A state is a person, or a person with one message; whoever was reached passes on for ``within`` more time.
    """
    last, hands = np.full(states, -np.inf), np.zeros(states, np.int64)
    seen = np.zeros(len(chosen), np.bool_)
    acts, deepest = 0, 0
    for row in range(len(time)):
        if own[row]:
            step = 1
        elif hands[source[row]] > 0 and time[row] - last[source[row]] <= within:
            step = hands[source[row]] + 1
        else:
            continue
        acts += 1
        deepest = max(deepest, step)
        who = person[row]
        if chosen[who]:
            continue
        last[target[row]], hands[target[row]] = time[row], step
        seen[who] = True
    return acts, seen, deepest
