"""Lets people into the console, each in one role."""

from __future__ import annotations

from django.contrib.auth.models import Group, User

from guanxi.records.actor import SYSTEM, Role
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.vocabulary.reasons import Refused


def anybody_may_enter() -> bool:
    """Whether somebody has a password for the console."""
    return User.objects.filter(is_active=True).exists()


def let_in(name: str, role: str, password: str) -> None:
    """The user exists with this password and exactly this role."""
    if role not in set(Role):
        raise Refused("role_unknown", role)
    with transaction(RELATIONSHIP):
        user, _ = User.objects.get_or_create(username=name)
        user.set_password(password)
        user.is_active = True
        user.save()
        user.groups.set([Group.objects.get_or_create(name=role)[0]])
        record(RELATIONSHIP, SYSTEM, "user_let_in", f"user:{user.pk}", {"role": role})
