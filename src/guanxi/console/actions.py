"""What an admin changes of the console itself: somebody's role, and whether they may come in."""

from __future__ import annotations

from django.contrib.auth.models import Group, User

from guanxi.records.actor import Actor, Permission, Role, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused


def change_role(actor: Actor, user_id: int, role: str) -> None:
    """The user has exactly this role, from their next page on; nobody takes their own admin role away."""
    require(actor, Permission.CHANGE_SETTINGS)
    if role not in set(Role):
        raise Refused("role_unknown", role)
    if user_id == actor.user_id:
        raise Refused("own_role_stays", actor.name)
    with transaction(RELATIONSHIP):
        user = _user(user_id)
        user.is_superuser = False
        user.save(update_fields=["is_superuser"])
        user.groups.set([Group.objects.get_or_create(name=role)[0]])
        record(RELATIONSHIP, actor, "role_changed", f"user:{user_id}", {"role": role})


def set_admission(actor: Actor, user_id: int, admitted: bool) -> None:
    """The user may come in, or may not any more and is out at their next page."""
    require(actor, Permission.CHANGE_SETTINGS)
    if user_id == actor.user_id:
        raise Refused("own_role_stays", actor.name)
    with transaction(RELATIONSHIP):
        user = _user(user_id)
        user.is_active = admitted
        user.save(update_fields=["is_active"])
        verb = "user_admitted" if admitted else "user_shut_out"
        record(RELATIONSHIP, actor, verb, f"user:{user_id}")


def _user(user_id: int) -> User:
    found = User.objects.select_for_update().filter(pk=user_id).first()
    if found is None:
        raise Refused("not_found", str(user_id))
    return found
