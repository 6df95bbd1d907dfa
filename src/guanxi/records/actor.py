"""Who acts, in which roles, and what a role may do; everything that is not granted is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guanxi.vocabulary.reasons import Refused


class Role(StrEnum):
    """What somebody is to the brand."""

    ADMIN = "admin"
    MARKETER = "marketer"
    ANALYST = "analyst"
    CARE = "care"
    AGENCY = "agency"


class Permission(StrEnum):
    """What may be allowed."""

    SEE_SOCIAL = "see_social"
    SEE_CUSTOMERS = "see_customers"
    SEE_LINKS = "see_links"
    DECIDE_LINKS = "decide_links"
    SEE_INFLUENCE = "see_influence"
    DECIDE_AMBASSADORS = "decide_ambassadors"
    SEE_LOYALTY = "see_loyalty"
    CHANGE_PROGRAMME = "change_programme"
    BOOK_POINTS = "book_points"
    SEE_SEGMENTS = "see_segments"
    CHANGE_SEGMENTS = "change_segments"
    SEE_CAMPAIGNS = "see_campaigns"
    CHANGE_CAMPAIGNS = "change_campaigns"
    SEND = "send"
    ANSWER = "answer"
    SEE_RESULTS = "see_results"
    SEE_TRUST = "see_trust"
    CHANGE_SETTINGS = "change_settings"
    MAP_EVENTS = "map_events"
    SEE_PERSONAL = "see_personal"
    EXPORT = "export"


_READS = frozenset(p for p in Permission if p.value.startswith("see_"))
_AGENCY = frozenset(
    {
        Permission.SEE_SOCIAL,
        Permission.SEE_INFLUENCE,
        Permission.SEE_SEGMENTS,
        Permission.CHANGE_SEGMENTS,
        Permission.SEE_CAMPAIGNS,
        Permission.CHANGE_CAMPAIGNS,
    }
)
_MARKETER = frozenset(Permission) - {Permission.CHANGE_SETTINGS}
_CARE = frozenset(
    {
        Permission.SEE_SOCIAL,
        Permission.SEE_CUSTOMERS,
        Permission.SEE_LINKS,
        Permission.DECIDE_LINKS,
        Permission.SEE_LOYALTY,
        Permission.BOOK_POINTS,
        Permission.SEE_CAMPAIGNS,
        Permission.ANSWER,
        Permission.SEE_PERSONAL,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.MARKETER: _MARKETER,
    Role.ANALYST: (_READS - {Permission.SEE_PERSONAL}) | {Permission.EXPORT, Permission.CHANGE_SEGMENTS},
    Role.CARE: _CARE,
    Role.AGENCY: _AGENCY,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a user of the console, a key of the API, or the system itself."""

    user_id: int | None
    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants it."""
        return any(permission in GRANTS[role] for role in self.roles)


SYSTEM = Actor(None, "system", frozenset({Role.ADMIN}))


def require(actor: Actor, permission: Permission) -> None:
    """The actor may; otherwise ``not_permitted`` is raised and nothing has changed."""
    if not actor.may(permission):
        raise Refused("not_permitted", permission.value)
