"""Who comes through the API: a user's name and password (HTTP Basic), or the console's own session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja.security import HttpBasicAuth, SessionAuth

from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission
from guanxi.records.people import actor_of
from guanxi.vocabulary.ids import Side

_SIDES = {
    Side.SOCIAL: Permission.SEE_SOCIAL,
    Side.CUSTOMERS: Permission.SEE_CUSTOMERS,
    Side.RELATIONSHIP: Permission.SEE_SOCIAL,
}


class Password(HttpBasicAuth):
    """A user's name and password with each request."""

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Actor | None:
        """The actor, or None for a stranger."""
        user = authenticate(request, username=username, password=password)
        return actor_of(user) if user is not None else None


class Session(SessionAuth):
    """Somebody who is logged in to the console; changes need its CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor, or None for a stranger."""
        return actor_of(request.user) if request.user.is_authenticated else None


def actor(request: HttpRequest) -> Actor:
    """Who asks."""
    found: Any = request.auth  # type: ignore[attr-defined]
    assert isinstance(found, Actor)
    return found


@contextmanager
def lake_for(who: Actor) -> Iterator[Engine]:
    """The analytic engine with the sides that the actor may see, for the length of one answer."""
    sides = [side for side, permission in _SIDES.items() if who.may(permission)]
    with Engine(threads=2, memory="1GB", allowed=sides) as engine:
        yield engine
