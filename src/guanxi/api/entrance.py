"""Who comes through the API: a user's name and password (HTTP Basic), or the console's own session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja.security import HttpBasicAuth, SessionAuth

from guanxi.records.actor import Actor
from guanxi.records.people import actor_of


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
