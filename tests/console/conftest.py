"""Three people at the console's door: the owner, a colleague of the agency, and a stranger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from guanxi.records.installation import Installation

LANGUAGES = ("en", "zh-hans")


@pytest.fixture
def visitor(house: Installation) -> Callable[..., Client]:
    """A browser of somebody in a role; None for a stranger."""

    def visit(role: str | None, language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        if role is not None:
            user, _ = User.objects.get_or_create(username=f"{role}-{language}")
            user.groups.set([Group.objects.get_or_create(name=role)[0]])
            client.force_login(user)
        return client

    return visit
