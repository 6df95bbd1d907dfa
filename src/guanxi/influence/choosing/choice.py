"""What is asked of a choice of ambassadors, whom it considers, values and leaves out: rules, no reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from guanxi.influence.choosing.unseen import Unseen
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.seeds import Within
from guanxi.influence.terms import Asked
from guanxi.influence.weighing.bands import ORDER
from guanxi.vocabulary.reasons import Refused

EPSILON = 0.05
DELTA = 0.01
OBJECTIVES = ("new_customers", "everybody", "value")
SEEDS_MAX = 1_000
KEPT_OUT = ("staff", "screened", "员工", "风控")


@dataclass(frozen=True)
class Wanted:
    """What somebody asks of a choice; the chosen count only where others of them move them.

    Attributes:
        objective: ``new_customers``: known customers count nothing; ``everybody``: all count one; ``value``:
            everybody linked for rewards counts what they spent so far, in smallest units of money.
        k: how many.
        topic: only fans who did something with contents of it count; empty: all.
        city: only fans known to live there count; empty: all.
        costs: what an ambassador of each band costs; needs ``budget``. Bands not named cost nothing.
        budget: the most that all may cost; None: no budget.
        community_max: how many of one community; None: no cap.
        kept_out: fans with one of these tags are not chosen.
        seed: where chance begins.
        robust: choose for the worst of several worlds in which influencers move others more or less than it seems.
    """

    objective: str = "new_customers"
    k: int = 50
    topic: str = ""
    city: str = ""
    costs: dict[str, int] = field(default_factory=dict)
    budget: int | None = None
    community_max: int | None = None
    kept_out: tuple[str, ...] = KEPT_OUT
    seed: int = 0
    robust: bool = False

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise Refused("objective_unknown", self.objective)
        if not 1 <= self.k <= SEEDS_MAX:
            raise Refused("seeds_count_below_1" if self.k < 1 else "seeds_count_too_great", str(self.k))
        if any(cost < 0 for cost in self.costs.values()):
            raise Refused("cost_negative")
        if self.budget is not None and self.budget < 0:
            raise Refused("budget_negative", str(self.budget))
        if self.community_max is not None and self.community_max < 1:
            raise Refused("cap_below_1", str(self.community_max))

    def parameters(self) -> dict[str, Any]:
        """As a run keeps it."""
        return asdict(self) | {"kept_out": list(self.kept_out), "epsilon": EPSILON, "model": "ic"}


def wanted_of(parameters: dict[str, Any]) -> Wanted:
    """What a run was asked for."""
    known = {name: parameters[name] for name in Wanted.__dataclass_fields__ if name in parameters}
    return Wanted(**known | {"kept_out": tuple(known.get("kept_out", KEPT_OUT))})


@dataclass(frozen=True)
class Candidates:
    """What a choice is made from.

    Attributes:
        influencer: by tie, and
        influenced: by tie, and
        probability: by tie, with
        low: and
        high: the ends of its 90 % interval.
        customers: fans who are known customers: moving them makes no new customer.
        excluded: fans who may not be chosen, by why: gone, opted out, kept out by a tag, screened, declined, resting.
        active: ambassadors already; what they move is moved.
        audience: fans who count at all; None: everybody.
        spent: what fans spent so far, where it is known and asked for.
        band: of fans who have one.
        community: of fans who have one.
        unseen: how much more influencers move than their ties say.
        topic_strength: how alike influencers are on the topic that was asked for (``learning.topics``); None where
            chances are those of all topics.
        topic_doubt: by tie, what share of its interval's variance is that of its influencer's factor on the topic.
    """

    influencer: Ints
    influenced: Ints
    probability: Floats
    low: Floats
    high: Floats
    customers: Ints
    excluded: dict[str, Ints]
    active: Ints
    audience: Ints | None
    spent: dict[int, int]
    band: dict[int, str]
    community: dict[int, int]
    unseen: Unseen = field(default_factory=Unseen)
    topic_strength: float | None = None
    topic_doubt: Floats | float = 0.0

    @property
    def people(self) -> Ints:
        """Everybody with a tie."""
        return np.union1d(self.influencer, self.influenced)

    @property
    def excluded_fans(self) -> list[object]:
        """All who may not be chosen."""
        return list(np.unique(np.concatenate([*self.excluded.values(), np.empty(0, np.int64)])).tolist())


def target_weights(candidates: Candidates, wanted: Wanted) -> dict[object, float] | None:
    """What moving each fan is worth, by the objective in force; None where everybody counts one."""
    people, objective = _audience(candidates), counted(candidates, wanted)
    if objective == "value":
        return {fan: float(candidates.spent[fan]) for fan in people.tolist() if fan in candidates.spent}
    if objective == "new_customers":
        people = np.setdiff1d(people, candidates.customers)
    whole = candidates.audience is None and len(people) == len(candidates.people)
    return None if whole else dict.fromkeys(people.tolist(), 1.0)


def counted(candidates: Candidates, wanted: Wanted) -> str:
    """The objective that is in force: everybody counts where nobody is a known customer, or everybody is."""
    if wanted.objective != "new_customers":
        return wanted.objective
    known = np.isin(_audience(candidates), candidates.customers)
    some = np.isin(candidates.people, candidates.customers).any()
    return "new_customers" if some and not known.all() else "everybody"


def _audience(candidates: Candidates) -> Ints:
    people = candidates.people
    return people if candidates.audience is None else np.intersect1d(people, candidates.audience)


def limits_of(candidates: Candidates, wanted: Wanted) -> Within:
    """Costs by band and the cap of a community, as the kernels take them."""
    costs = None
    if wanted.budget is not None:
        last = str(ORDER[-1])
        bands = candidates.band
        costs = {f: float(wanted.costs.get(bands.get(f, last), 0)) for f in candidates.people.tolist()}
    groups = None if wanted.community_max is None else dict(candidates.community)
    return Within(costs, wanted.budget, groups, wanted.community_max)  # type: ignore[arg-type]


def asked_of(candidates: Candidates, wanted: Wanted) -> Asked:
    """The terms of the choice, by fan, on which the past is asked too."""
    return Asked(
        target_weights(candidates, wanted),
        candidates.excluded_fans,
        candidates.active.tolist(),
        limits_of(candidates, wanted),
    )


def as_today(candidates: Candidates, wanted: Wanted) -> tuple[str, ...]:
    """What a back-test of these terms takes as it is today, since the past does not say how it was then."""
    terms = {
        "customers": counted(candidates, wanted) == "new_customers",
        "spent": wanted.objective == "value",
        "audience": candidates.audience is not None,
        "excluded": bool(candidates.excluded_fans),
        "ambassadors": bool(len(candidates.active)),
        "bands": wanted.budget is not None,
        "communities": wanted.community_max is not None,
    }
    return tuple(term for term, counts in terms.items() if counts)
