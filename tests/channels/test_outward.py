"""Where the one outgoing client goes, and where it refuses to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.addresses import is_public, port_of, split_address
from guanxi.channels.outward import Outward
from guanxi.vocabulary.reasons import Refused

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_off_the_public_internet_is_known_in_every_dress(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_a_public_address_is_known(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "vendor/hook",
        "ftp://vendor/",
        "file:///etc/passwd",
        "https://",
        "https://user:word@vendor/",
        "https://vendor:0/",
        "https://vendor:99999/",
        "https://ven dor/",
        "https://vendor/\r\nHost: x",
        "https://[::1/",
        "https://brand。example/",
        "gopher://vendor/",
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="address_unfit"):
        split_address(address)


def test_an_address_names_its_port_or_that_of_its_scheme() -> None:
    ports = [port_of(split_address(f"{start}/x")) for start in ("http://v", "https://v", "https://v:8443")]
    assert ports == [80, 443, 8443]


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(max_size=40).map(lambda rest: f"https://{rest}")))
def test_whatever_is_typed_is_split_or_refused(text: str) -> None:
    try:
        named = split_address(text)
    except Refused:
        return
    assert named.scheme in {"http", "https"}
    assert 0 < port_of(named) < 65536


def ask(address: str, **more: Any) -> Any:
    settings = {"private": False, "seconds": 2.0, "bytes_max": 100, **more}
    return asyncio.run(Outward().ask("POST", address, {}, b"", **settings))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_this_machine_is_not_asked_whatever_it_is_called(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        with pytest.raises((Refused, OSError)) as refused:
            ask(f"http://{host}:{server.getsockname()[1]}/")
        with pytest.raises(TimeoutError):
            server.accept()
    assert not isinstance(refused.value, TimeoutError)


def test_a_name_that_also_leads_home_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: both)
    with pytest.raises(Refused, match="address_private"):
        ask("http://rebound.example/")


def test_silence_and_babble_end_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(TimeoutError):
        ask(f"http://127.0.0.1:{server.getsockname()[1]}/", private=True, seconds=0.2)
