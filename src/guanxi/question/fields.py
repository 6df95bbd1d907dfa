"""The allow-list: which fields and activities may be asked about, on which side they live, how they compare.

What is not named here cannot be asked; builders read their choices from here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.question.nodes import (
    ORDERING,
    PRESENCE,
    And,
    Condition,
    Count,
    Fact,
    Field,
    FieldName,
    Linked,
    Node,
    Not,
    Op,
    Or,
    Question,
    Subject,
    conditions,
)
from guanxi.vocabulary.activity import CAMPAIGN, DAILY, Kind
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.platform import Platform

WORD_OPS = frozenset({Op.EQ, Op.NE, Op.IN}) | PRESENCE
NUMBER_OPS = WORD_OPS | ORDERING
BANDS = ("igniter", "amplifier", "participant", "listener")

SOCIAL_KINDS = DAILY | CAMPAIGN | {Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.LEFT, Kind.PARTED}
CUSTOMER_KINDS = frozenset({Kind.ORDERED, Kind.REFUNDED})


@dataclass(frozen=True)
class FieldRule:
    """What a field may be asked: its side, whether it is a number, and its choices (none: any word)."""

    side: Side
    is_number: bool = False
    choices: tuple[str, ...] = ()

    @property
    def ops(self) -> frozenset[Op]:
        """The comparisons it allows."""
        return NUMBER_OPS if self.is_number else WORD_OPS


FIELDS: dict[FieldName, FieldRule] = {
    FieldName.PLATFORM: FieldRule(Side.SOCIAL, choices=tuple(Platform)),
    FieldName.BAND: FieldRule(Side.SOCIAL, choices=BANDS),
    FieldName.COMMUNITY: FieldRule(Side.SOCIAL, is_number=True),
    FieldName.EARLY_ACCESS: FieldRule(Side.SOCIAL, is_number=True),
    FieldName.TAG: FieldRule(Side.SOCIAL),
    FieldName.GROUP: FieldRule(Side.SOCIAL, is_number=True),
    FieldName.R: FieldRule(Side.CUSTOMERS, is_number=True),
    FieldName.F: FieldRule(Side.CUSTOMERS, is_number=True),
    FieldName.M: FieldRule(Side.CUSTOMERS, is_number=True),
    FieldName.LOVE: FieldRule(Side.RELATIONSHIP, is_number=True),
    FieldName.SPEND: FieldRule(Side.RELATIONSHIP, is_number=True),
    FieldName.TIER: FieldRule(Side.RELATIONSHIP),
}

# What purchases decide tells worth to whoever reads it, wherever it is kept.
TELLS_WORTH = frozenset({FieldName.SPEND, FieldName.TIER})


def side_of_condition(condition: Condition) -> Side:
    """Where the rows a condition reads are kept."""
    match condition:
        case Fact(side=side):
            return side
        case Field(field=name):
            return FIELDS[name].side
        case Count(kinds=kinds):
            return Side.CUSTOMERS if set(kinds) <= CUSTOMER_KINDS else Side.SOCIAL
        case Linked():
            return Side.RELATIONSHIP
        case _:
            return Side.SOCIAL


def subject_of(tree: Node) -> Subject:
    """Whom a tree asks for when nobody says: customers if it speaks of nothing but customers, else fans."""
    sides = {side_of_condition(leaf) for leaf in conditions(tree)}
    return Subject.CUSTOMERS if sides == {Side.CUSTOMERS} else Subject.FANS


def is_bridged(condition: Condition, subject: Subject) -> bool:
    """True where the condition's rows are on the other side than the subject, so that links must carry it."""
    return side_of_condition(condition) not in {subject.side, Side.RELATIONSHIP}


def sides(question: Question) -> frozenset[Side]:
    """The sides whose rows the answer depends on; a role that may not see one is refused.

    Tier and spend points count as the customers' side too: they tell what somebody is worth.
    """
    found = {question.subject.side}
    for leaf in conditions(question.tree):
        found.add(side_of_condition(leaf))
        if is_bridged(leaf, question.subject):
            found.add(Side.RELATIONSHIP)
        if isinstance(leaf, Field) and leaf.field in TELLS_WORTH:
            found.add(Side.CUSTOMERS)
    return frozenset(found)


def asks_links(question: Question) -> bool:
    """True where the answer depends on who is linked to whom."""
    return any(
        isinstance(leaf, Linked) or is_bridged(leaf, question.subject) for leaf in conditions(question.tree)
    )


def asks_loyalty(question: Question) -> bool:
    """True where the answer depends on points or tiers."""
    kept = {FieldName.LOVE, FieldName.SPEND, FieldName.TIER}
    return any(isinstance(leaf, Field) and leaf.field in kept for leaf in conditions(question.tree))


def depth(tree: Node) -> int:
    """How many nodes lie on the longest way down, by a loop that no deep tree can exhaust."""
    level: list[Node] = [tree]
    found = 0
    while level:
        found += 1
        level = [part for node in level for part in _parts(node)]
    return found


def node_count(tree: Node) -> int:
    """How many nodes the tree has."""
    waiting: list[Node] = [tree]
    found = 0
    while waiting:
        found += 1
        waiting.extend(_parts(waiting.pop()))
    return found


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, (And, Or)):
        return node.parts
    return (node.part,) if isinstance(node, Not) else ()
