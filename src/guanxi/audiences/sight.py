"""What somebody must be allowed to see before a question's answer may be shown: counts leak like rows do."""

from __future__ import annotations

from guanxi.question.fields import asks_links, asks_loyalty, sides
from guanxi.question.nodes import Field, FieldName, Question, conditions
from guanxi.records.actor import Actor, Permission, require
from guanxi.vocabulary.ids import Side, split

_OF_SIDE = {Side.SOCIAL: Permission.SEE_SOCIAL, Side.CUSTOMERS: Permission.SEE_CUSTOMERS}
_MAPPED = frozenset({FieldName.BAND, FieldName.COMMUNITY, FieldName.EARLY_ACCESS})


def needed(question: Question) -> frozenset[Permission]:
    """Every permission without which the answer, its size included, is refused."""
    found = {_OF_SIDE[side] for side in sides(question) if side in _OF_SIDE}
    if asks_links(question):
        found.add(Permission.SEE_LINKS)
    if asks_loyalty(question):
        found.add(Permission.SEE_LOYALTY)
    if any(isinstance(leaf, Field) and leaf.field in _MAPPED for leaf in conditions(question.tree)):
        found.add(Permission.SEE_INFLUENCE)
    return frozenset(found)


def may_see(actor: Actor, question: Question) -> bool:
    """True where the actor may see the answer."""
    return all(actor.may(permission) for permission in needed(question))


def require_sight(actor: Actor, question: Question) -> None:
    """The actor may see the answer; otherwise ``not_permitted`` is raised."""
    for permission in sorted(needed(question)):
        require(actor, permission)


def require_sight_of(actor: Actor, identity: int) -> None:
    """The actor may see rows of the identity's side; otherwise ``not_permitted`` is raised."""
    require(actor, _OF_SIDE[split(identity)[0]])
