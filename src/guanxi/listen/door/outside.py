"""How the outside calls this door: by the address that somebody set, else by a host that is known to be ours.

A host that a request makes up ends up in no address of ours: the request is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from guanxi.listen.door.http import Request
from guanxi.records.databases import RELATIONSHIP, conninfo
from guanxi.records.public_address import is_known, known_hosts, public_address
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Outside:
    """The address that was set, if any, and the hosts that may be believed while none was."""

    address: str
    hosts: tuple[str, ...]

    def address_of(self, request: Request) -> str:
        """Scheme and host by which whoever asks can come back."""
        if self.address:
            return self.address
        headers = request.headers
        host = headers.get("x-forwarded-host", "").partition(",")[0].strip() or headers.get("host", "")
        if not is_known(host, self.hosts):
            raise Refused("host_unknown", host[:100])
        return f"{'https' if is_secure(request) else 'http'}://{host}"


def read_outside() -> Outside:
    """What is known now; for the door's `Snapshot`."""
    with psycopg.connect(conninfo(RELATIONSHIP), connect_timeout=3) as connection:
        return Outside(public_address(connection), known_hosts())


def is_secure(request: Request) -> bool:
    """Whether the viewer's browser came by https, as the proxy in front says."""
    return request.headers.get("x-forwarded-proto", "").partition(",")[0].strip() == "https"
