"""Who a user of the console is to the house: the actor with the roles that their groups name."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from guanxi.records.actor import Actor, Role

_ROLES = {role.value: role for role in Role}


def actor_of(user: User | AnonymousUser) -> Actor:
    """The user with the roles that their groups name; a superuser is an admin, a stranger has no role."""
    if not user.is_authenticated or not user.is_active:
        return Actor(None, "", frozenset())
    names = user.groups.values_list("name", flat=True)
    roles = {_ROLES[name] for name in names if name in _ROLES}
    if user.is_superuser:
        roles.add(Role.ADMIN)
    return Actor(user.pk, user.get_username(), frozenset(roles))
