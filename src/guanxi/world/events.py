"""Rows of things that fans do, as columns of numbers; places stand for fans until they are written."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from guanxi.world.text import Ints
from guanxi.world.words import EVENTS

WORD = {name: number for number, name in enumerate(EVENTS)}


@dataclass(frozen=True)
class Events:
    """What was done; ``through``, ``content``, ``campaign`` and ``token`` are -1 where there is none.

    ``campaign`` counts the months since 1970; ``token`` numbers the share that is made, or that is opened.
    """

    word: Ints
    fan: Ints
    through: Ints
    content: Ints
    campaign: Ints
    token: Ints
    moment: Ints

    def __len__(self) -> int:
        return len(self.word)

    def taken(self, rows: np.ndarray) -> Events:
        """Only these rows, in this order."""
        return Events(*(getattr(self, field.name)[rows] for field in fields(self)))


def joined(parts: list[Events]) -> Events:
    """All rows of all parts."""
    return Events(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Events))
    )


def happened(word: Ints | str, fan: Ints, moment: Ints, **rest: Ints) -> Events:
    """Rows of one word or several, -1 in every column that is not named."""
    none = np.full(len(fan), -1)
    code = np.full(len(fan), WORD[word]) if isinstance(word, str) else word
    columns = {name: rest.get(name, none) for name in ("through", "content", "campaign", "token")}
    return Events(code, fan, moment=moment, **columns)
