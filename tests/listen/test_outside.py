"""How the outside calls this door: by the address that was set, or by a host that is ours; never by a made-up one."""

from __future__ import annotations

import httpx
import pytest
from wechat_brand import Brand, visit

from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.installation import Installation
from guanxi.records.public_address import public_address, set_public_address
from guanxi.vocabulary.reasons import Refused


def begun_at(page: int, **headers: str) -> httpx.Response:
    """What a viewer is told who asks for a page, with headers of their own."""
    told: list[httpx.Response] = []

    async def at_the_door(browser: httpx.AsyncClient) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told.append(await browser.get(f"/oauth/wechat/brand?to={page}", headers=named))

    visit(at_the_door)
    return told[0]


def way_back(answer: httpx.Response) -> str:
    """Where WeChat would send the viewer."""
    return httpx.URL(answer.headers["location"]).params["redirect_uri"]


@pytest.mark.parametrize(
    "hostile",
    [
        {"host": "evil.example"},
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_host": "evil.example, localhost"},
        {"host": "localhost@evil.example"},
        {"host": "localhost/../evil.example"},
        {"host": "evil.example#localhost"},
        {"host": "localhost.evil.example"},
        {"host": ""},
    ],
)
def test_a_host_that_a_request_makes_up_is_in_no_way_back(
    brand: Brand, page: int, hostile: dict[str, str]
) -> None:
    refused = begun_at(page, **hostile)
    assert (refused.status_code, refused.json()["error"]) == (400, "host_unknown")
    set_public_address(SYSTEM, "https://hear.brand.example")
    assert way_back(begun_at(page, **hostile)) == "https://hear.brand.example/oauth/wechat/brand/back"


def test_hosts_that_the_server_was_told_of_are_believed(
    brand: Brand, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANXI_HOSTS", "hear.brand.example .shop.example")
    monkeypatch.setenv("GUANXI_FRONT_DOOR", "http://10.0.0.7:8601")
    for host, proto, expected in (
        ("hear.brand.example", "https", "https://hear.brand.example"),
        ("eu.shop.example:8443", "https", "https://eu.shop.example:8443"),
        ("10.0.0.7:8601", "", "http://10.0.0.7:8601"),
        ("127.0.0.1:8601", "", "http://127.0.0.1:8601"),
    ):
        back = way_back(begun_at(page, x_forwarded_host=host, x_forwarded_proto=proto))
        assert back == f"{expected}/oauth/wechat/brand/back"


@pytest.mark.parametrize(
    "unfit",
    [
        "http://hear.brand.example",
        "https://",
        "https://a b",
        "https://x/y",
        "https://u@x",
        "javascript:1",
        "x",
    ],
)
def test_a_public_address_is_scheme_and_host(house: Installation, unfit: str) -> None:
    with pytest.raises(Refused, match="public_address_unfit"):
        set_public_address(SYSTEM, unfit)
    assert public_address() == ""
    assert set_public_address(SYSTEM, "http://LOCALHOST:8601/") == "http://localhost:8601"
    assert set_public_address(SYSTEM, "") == ""
    with pytest.raises(Refused, match="not_permitted"):
        set_public_address(Actor(7, "mia", frozenset({Role.MARKETER})), "https://x")
