"""What an invitation to share truly adds: how many friends each viewer of a page brings, invited or left alone.

The planted answer that measurement has to find. Some viewers are livelier than others, whatever they draw; whoever
is brought is a viewer who may bring others, so a page lives a while by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_PURPOSE = 0x1A417E


@dataclass(frozen=True)
class Inviting:
    """Viewers bring ``quiet`` people each when left alone and ``invited`` when invited, in the mean.

    Attributes:
        liveliness: the shape of the gamma law by which viewers differ; smaller is more unlike.
    """

    seed: int
    quiet: float
    invited: float
    liveliness: float = 1.0

    @property
    def added(self) -> float:
        """People brought a viewer that the invitation adds: the truth."""
        return self.invited - self.quiet

    def brings(self, viewer: int, is_invited: bool) -> int:
        """How many people this viewer brings; the same whenever it is asked."""
        rng = np.random.default_rng((_PURPOSE, self.seed, viewer))
        lively = rng.gamma(self.liveliness, 1 / self.liveliness)
        return int(rng.poisson(lively * (self.invited if is_invited else self.quiet)))
