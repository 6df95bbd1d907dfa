"""The segment tree: frozen nodes that say whom a question asks for, and the limits a tree must keep.

It knows words and numbers only; it holds no SQL, no clock, and nothing that a user's text could run.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform

DEPTH_MAX = 12
NODES_MAX = 60
VALUES_MAX = 100
VALUE_CHARS_MAX = 200
NAME_CHARS_MAX = 64
TEXT_CHARS_MAX = 8000
DAYS_MAX = 3660
MONTHS_MAX = 120
NUMBER_MAX = 10**15 - 1

Value: TypeAlias = str | int


class Op(StrEnum):
    """How a condition compares; ``known`` and ``unknown`` take no value."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    KNOWN = "known"
    UNKNOWN = "unknown"


ORDERING = frozenset({Op.LT, Op.LE, Op.GT, Op.GE})
PRESENCE = frozenset({Op.KNOWN, Op.UNKNOWN})
COUNTING = ORDERING | {Op.EQ, Op.NE}


class Purpose(StrEnum):
    """How good a link must be before one side's conditions reach the other side."""

    CONTACT = "contact"
    REWARD = "reward"


class Subject(StrEnum):
    """Whose identities a question yields."""

    FANS = "fans"
    CUSTOMERS = "customers"

    @property
    def side(self) -> Side:
        """The database the subject lives in."""
        return Side.SOCIAL if self is Subject.FANS else Side.CUSTOMERS


class FieldName(StrEnum):
    """What may be asked about beside profile facts: the allow-list of names."""

    PLATFORM = "platform"
    BAND = "band"
    COMMUNITY = "community"
    EARLY_ACCESS = "early_access"
    TAG = "tag"
    GROUP = "group"
    R = "r"
    F = "f"
    M = "m"
    LOVE = "love"
    SPEND = "spend"
    TIER = "tier"


class ScoreName(StrEnum):
    """The two activity scores, never added."""

    DAILY = "daily"
    CAMPAIGN = "campaign"


class _Node(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """What all nodes share: they are values, and unknown JSON fields are refused."""


class Last(_Node, frozen=True, tag="last"):
    """The last so many days before the question is asked."""

    days: int


class Between(_Node, frozen=True, tag="between"):
    """Whole UTC days from first to last, both included; None leaves an end open."""

    first: date | None = None
    last: date | None = None


Window: TypeAlias = Last | Between


class And(_Node, frozen=True, tag="and"):
    """All parts hold; unknown where one is unknown and none is false."""

    parts: tuple[Node, ...]


class Or(_Node, frozen=True, tag="or"):
    """Some part holds; unknown where one is unknown and none is true."""

    parts: tuple[Node, ...]


class Not(_Node, frozen=True, tag="not"):
    """The part is known not to hold; unknown stays unknown."""

    part: Node


class Fact(_Node, frozen=True, tag="fact"):
    """A profile fact compared: whole numbers by size, dates (ISO text) in order, other text by equality."""

    name: str
    op: Op
    values: tuple[Value, ...] = ()
    side: Side = Side.SOCIAL


class Field(_Node, frozen=True, tag="field"):
    """A field of the allow-list compared."""

    field: FieldName
    op: Op
    values: tuple[Value, ...] = ()


class Count(_Node, frozen=True, tag="count"):
    """How many activities of these kinds fell into a window (none: ever, until asked)."""

    kinds: tuple[Kind, ...]
    op: Op
    n: int
    window: Window | None = None
    topic: str | None = None
    platform: Platform | None = None


class Score(_Node, frozen=True, tag="score"):
    """Points of one activity score summed over the last so many calendar months, this one included."""

    score: ScoreName
    op: Op
    n: int
    months: int


class Linked(_Node, frozen=True, tag="linked"):
    """The identity is joined to one on the other side by links good enough for the purpose."""

    purpose: Purpose


class Followed(_Node, frozen=True, tag="followed"):
    """The fan began to follow within the window; unknown where the day is not known."""

    window: Window


class Unfollowed(_Node, frozen=True, tag="unfollowed"):
    """The fan has left and not come back."""


Condition: TypeAlias = Fact | Field | Count | Score | Linked | Followed | Unfollowed
Node: TypeAlias = And | Or | Not | Fact | Field | Count | Score | Linked | Followed | Unfollowed


class Question(_Node, frozen=True, tag="question"):
    """Whose identities, joined across sides how surely, under which conditions."""

    tree: Node
    subject: Subject
    purpose: Purpose = Purpose.CONTACT


def conditions(tree: Node) -> tuple[Condition, ...]:
    """The leaves of the tree, left to right."""
    if isinstance(tree, (And, Or)):
        return tuple(leaf for part in tree.parts for leaf in conditions(part))
    return conditions(tree.part) if isinstance(tree, Not) else (tree,)
