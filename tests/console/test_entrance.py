"""The login: right words let in, guesses close it for a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from guanxi.console.entrance import GUESSES_MAX
from guanxi.records.installation import Installation

PASSWORD = "tea-in-the-morning"


@pytest.fixture
def mei(house: Installation) -> Iterator[User]:
    cache.clear()
    yield User.objects.create_user("mei", password=PASSWORD)
    cache.clear()


def _try(name: str, password: str) -> int:
    return Client().post(reverse("login"), {"username": name, "password": password}).status_code


def test_whoever_keeps_guessing_is_shut_out_even_with_the_right_word(mei: User) -> None:
    assert _try("mei", PASSWORD) == 302
    assert {_try("mei", f"guess {n}") for n in range(GUESSES_MAX)} == {200}
    assert _try("MEI", PASSWORD) == 200
    assert (
        "Too many wrong guesses"
        in Client().post(reverse("login"), {"username": "mei", "password": PASSWORD}).content.decode()
    )


def test_the_way_back_never_leads_to_another_site(mei: User) -> None:
    client = Client()
    answer = client.post(
        reverse("login") + "?next=https://elsewhere.example/", {"username": "mei", "password": PASSWORD}
    )
    assert answer.headers["Location"] == reverse("today")


def test_the_session_changes_at_the_login_and_ends_with_the_logout(mei: User) -> None:
    client = Client()
    client.get(reverse("today"))
    client.post(reverse("login"), {"username": "mei", "password": PASSWORD})
    client.post(reverse("logout"))
    assert client.get(reverse("today")).status_code == 302
