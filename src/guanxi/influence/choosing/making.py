"""A choice of ambassadors from its candidates: the seed set, and all that is said beside it. Rules, no reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from guanxi.influence.choosing.certainty import Certainty, Posteriors, certainty, drawn_worlds
from guanxi.influence.choosing.choice import (
    DELTA,
    EPSILON,
    Candidates,
    Wanted,
    asked_of,
    limits_of,
)
from guanxi.influence.choosing.passed import Passed, passed_over
from guanxi.influence.choosing.unseen import Wider, wider
from guanxi.influence.hindsight.backtest import METHODS, History
from guanxi.influence.kernels.choosing import BEYOND
from guanxi.influence.kernels.graph import Floats, Ints
from guanxi.influence.seeds import SeedSet, choose_seeds, kept_for
from guanxi.influence.terms import Asked
from guanxi.influence.ties import Coded
from guanxi.influence.whatif import KEPT_SETS, Kept, reach

_WORLDS = ((300_000, 20), (3_000_000, 8))
_WORLDS_LEAST = 4
_WORST_OF = ((300_000, 15), (3_000_000, 7))
# So near that what differs between worlds is the ties, and hardly the draw: of certain ties all but a few are firm.
_WORLD_EPSILON, _WORLD_BEYOND = 0.1, 0.005
_WORLD_SETS = 100_000
LISTS = ("most_movers", "most_moves", "most_active", "pagerank", "greedy_cover")


@dataclass(frozen=True)
class Question:
    """What every choice on these candidates asks for."""

    candidates: Candidates
    wanted: Wanted

    @cached_property
    def asked(self) -> Asked:
        """Its terms, by fan."""
        return asked_of(self.candidates, self.wanted)

    @cached_property
    def wider(self) -> Wider:
        """The ties with those whom no tie names."""
        known = self.candidates
        ties = (known.influencer, known.influenced, known.probability)
        return wider(*ties, known.unseen, self.asked.targets)

    def worlds(self) -> list[Floats]:
        """What else the chances of the ties may be, where the choice is to be for the worst of it."""
        known = self.candidates
        if not self.wanted.robust:
            return []
        worlds = next((worlds for most, worlds in _WORST_OF if len(known.influencer) <= most), _WORLDS_LEAST)
        return drawn_worlds(
            known.influencer,
            known.probability,
            known.low,
            known.high,
            worlds,
            self.wanted.seed,
            known.topic_doubt,
        )

    def choose(
        self, chances: Floats, epsilon: float, beyond: float, seed: int, worlds: Sequence[Floats] = ()
    ) -> SeedSet:
        """The seed set where the ties have these chances; with worlds, the one for the worst of them."""
        asked, ties = self.asked, self.wider
        found = choose_seeds(
            (ties.influencer, ties.influenced, ties.chances(chances)),
            self.wanted.k,
            epsilon=epsilon,
            delta=DELTA,
            seed=seed,
            targets=ties.targets,
            exclude=[*asked.exclude, *ties.unnamed.tolist()],
            active=asked.active,
            within=asked.within,
            beyond=beyond,
            worlds=[ties.chances(world) for world in worlds],
            own=False,
        )
        unnamed = len(ties.unnamed)
        return replace(found, people=found.people - unnamed, ties=found.ties - unnamed)

    def kept(self, chances: Floats, seed: int, sets: int = KEPT_SETS) -> Kept:
        """Sets to try lists of people on, where the ties have these chances."""
        return self._kept(chances, seed, sets, self.wider.targets)

    def unseen_part(self, people: Sequence[int]) -> float:
        """How much of what these people reach goes to people whom no tie names."""
        worth = self.wider.worth_of_unnamed()
        if not worth:
            return 0.0
        return reach(
            self._kept(self.candidates.probability, self.wanted.seed, KEPT_SETS, worth), people
        ).spread

    def _kept(self, chances: Floats, seed: int, sets: int, targets: Mapping[object, float] | None) -> Kept:
        ties, active = self.wider, self.candidates.active.tolist()
        rows = (ties.influencer, ties.influenced, ties.chances(chances))
        return kept_for(rows, seed=seed, sets=sets, targets=targets, active=active, own=False)


def choose_best(question: Question) -> SeedSet:
    """The seed set, surely near the best, and then some."""
    chances, seed = question.candidates.probability, question.wanted.seed
    return question.choose(chances, EPSILON, BEYOND, seed, question.worlds())


def sure_of(question: Question, seeds: Sequence[int]) -> Certainty | None:
    """How often each would be chosen were the ties a little otherwise; None where nobody was chosen."""
    known = question.candidates
    if not seeds:
        return None
    ties = len(known.influencer)
    worlds = next((worlds for most, worlds in _WORLDS if ties <= most), _WORLDS_LEAST)

    posteriors = Posteriors(known.influencer, known.probability, known.low, known.high, known.topic_doubt)

    def chances(world: int) -> Floats:
        return posteriors.world(world, question.wanted.seed)

    def chosen(drawn: Floats, world: int) -> list[int]:
        return [int(str(s)) for s in question.choose(drawn, _WORLD_EPSILON, _WORLD_BEYOND, world).seeds]

    def spread(drawn: Floats, world: int) -> float:
        return reach(question.kept(drawn, world, _WORLD_SETS), seeds).spread

    return certainty(seeds, chances, chosen, spread, worlds)


def obvious_lists(fans: Ints, part: History, question: Question) -> dict[str, list[int]]:
    """The lists that anybody would think of, each on the terms of the choice."""
    terms = question.asked.by_place(fans, Coded((), None))
    wanted = question.wanted
    return {name: fans[METHODS[name](part, terms, wanted.k, wanted.seed)].tolist() for name in LISTS}


def not_chosen(
    question: Question, kept: Kept, chosen: Sequence[int], known: Sequence[int], cost: float
) -> list[Passed]:
    """Why each well-known fan is not on the list."""
    limits = limits_of(question.candidates, question.wanted)
    left = None if limits.budget is None else limits.budget - cost
    full = _full_communities(question, chosen)
    barred = {int(one): why for why, fans in question.candidates.excluded.items() for one in fans}
    barred |= dict.fromkeys(question.candidates.active.tolist(), "ambassador_already")
    least = min(reach(kept, chosen).adds, default=0.0)
    return [
        passed_over(
            one,
            reach(kept, [one]).spread,
            reach(kept, [*chosen, one]).adds[-1],
            least,
            barred.get(one),
            left is not None and (limits.costs or {}).get(one, 0.0) > left,
            question.candidates.community.get(one) in full,
        )
        for one in known
        if one not in set(chosen)
    ]


def _full_communities(question: Question, chosen: Sequence[int]) -> set[int]:
    """The communities that have as many of the chosen as they may; who is in none has no cap."""
    most, known = question.wanted.community_max, question.candidates.community
    counts = Counter(known[one] for one in chosen if one in known)
    return set() if most is None else {community for community, n in counts.items() if n >= most}
