"""Who may open which page: read from the addresses themselves, so that no page can be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from guanxi.console.access import door
from guanxi.console.urls import urlpatterns
from guanxi.records.actor import GRANTS, Permission, Role

OPEN = {"login", "logout"}
Visit = Callable[..., Client]


def _doors() -> Iterator[URLPattern]:
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name not in OPEN:
            yield pattern


def _address(pattern: URLPattern) -> str:
    values = {
        name: 1 if type(c).__name__ == "IntConverter" else "x"
        for name, c in pattern.pattern.converters.items()
    }
    return reverse(str(pattern.name), kwargs=values)


def test_every_page_names_its_permission() -> None:
    assert [p.name for p in _doors() if not isinstance(getattr(p.callback, "needs", None), Permission)] == []


def test_a_page_without_a_permission_cannot_be_registered() -> None:
    with pytest.raises(TypeError):
        door("x/", lambda request: None, "x")  # type: ignore[arg-type, return-value]


def test_a_stranger_is_sent_to_the_login_from_every_page(visitor: Visit) -> None:
    client = visitor(None)
    for pattern in _doors():
        answer = client.get(_address(pattern))
        assert (answer.status_code, "/login/" in answer.headers.get("Location", "")) == (302, True), (
            pattern.name
        )


@pytest.mark.parametrize("role", [Role.AGENCY, Role.CARE, Role.ANALYST])
def test_a_role_is_refused_every_page_that_it_is_not_granted(visitor: Visit, role: Role) -> None:
    client = visitor(role.value)
    refused = [p for p in _doors() if p.callback.needs not in GRANTS[role]]
    assert refused
    for pattern in refused:
        assert client.get(_address(pattern)).status_code == 403, pattern.name


def test_every_answer_carries_the_content_policy(visitor: Visit) -> None:
    for role in (None, "admin"):
        policy = visitor(role).get("/login/").headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
