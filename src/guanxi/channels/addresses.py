"""Addresses that people type in: which can be asked at all, and which lie on the public internet.

Pure; resolves nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from guanxi.vocabulary.reasons import Refused

_HERE = {"127.0.0.1", "localhost", "::1"}
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


def split_address(address: str) -> SplitResult:
    """The parts of an address; refused unless it is plain http or https with a host and without a password."""
    try:
        named = urlsplit(address)
        usable = named.scheme in _PORTS and named.hostname and "@" not in named.netloc and port_of(named) > 0
    except ValueError:
        usable = False
    if not usable or not named.netloc.isascii() or not address.isprintable() or " " in address:
        raise Refused("address_unfit", address[:80])
    return named


def local_address(written: str) -> str:
    """The address of a fake platform on this machine, or nothing; refused where it is another machine's.

    >>> local_address("http://127.0.0.1:8650/"), local_address("")
    ('http://127.0.0.1:8650', '')
    """
    if not written:
        return ""
    try:
        named = urlsplit(written)
        here = named.scheme == "http" and named.hostname in _HERE and "@" not in named.netloc
    except ValueError:
        here = False
    if not here:
        raise Refused("setting_unfit", "api_address")
    return f"http://{named.netloc}"


def is_public(ip: IP) -> bool:
    """Whether an address is on the public internet, also where it wraps one of the older kind.

    >>> is_public(ipaddress.ip_address("::ffff:127.0.0.1")), is_public(ipaddress.ip_address("93.184.216.34"))
    (False, True)
    """
    return all(one.is_global and not one.is_multicast for one in (ip, *_inside(ip)))


def _inside(ip: IP) -> Iterable[IP]:
    if isinstance(ip, ipaddress.IPv4Address):
        return
    if ip in _NAT64:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    for wrapped in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())):
        if wrapped is not None:
            yield wrapped


def port_of(named: SplitResult) -> int:
    """The port that an address names, or the one of its scheme."""
    return _PORTS[named.scheme] if named.port is None else named.port
