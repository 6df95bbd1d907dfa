"""Who may come into the console, and in which roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from guanxi.records.actor import Actor, Permission, Role, require


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user; a superuser is an admin whatever their groups."""

    id: int
    name: str
    roles: tuple[str, ...]
    is_active: bool
    last_login: datetime | None


def users(actor: Actor) -> tuple[UserRow, ...]:
    """Everybody who was ever let in, by name."""
    require(actor, Permission.CHANGE_SETTINGS)
    found = User.objects.prefetch_related("groups").order_by("username")
    return tuple(UserRow(u.pk, u.username, _roles(u), u.is_active, u.last_login) for u in found)


def _roles(user: User) -> tuple[str, ...]:
    named = {group.name for group in user.groups.all()} | ({"admin"} if user.is_superuser else set())
    return tuple(role.value for role in Role if role.value in named)
