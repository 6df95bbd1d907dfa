"""Carries the requests of a client that knows one host, to addresses of that host which were checked.

The blocking sister of `outward.Outward`: the name is resolved and checked for every request, and the connection
goes to the very address that was checked. Connections are kept, for all of them are to the one host.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl

import httpx

from guanxi.channels.addresses import IP, is_public, port_of, split_address
from guanxi.vocabulary.reasons import Refused


class Checked(httpx.BaseTransport):
    """A transport that refuses addresses outside the public internet, unless it may go to them.

    Args:
        private: whether the host may lie in a private network or on this machine.
    """

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._wire = httpx.HTTPTransport(verify=ssl.create_default_context(), trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the address that was checked; certificates are those of the name."""
        named = split_address(f"{request.url.scheme}://{request.url.netloc.decode()}")
        host = named.hostname or ""
        ip = _checked(host, port_of(named), self._private)
        carried = httpx.Request(
            request.method,
            request.url.copy_with(host=str(ip)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._wire.handle_request(carried)

    def close(self) -> None:
        """Connections are closed."""
        self._wire.close()


def _checked(host: str, port: int, private: bool) -> IP:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(type(error).__name__) from None
    ips = [ipaddress.ip_address(str(place[4][0]).partition("%")[0]) for place in found]
    if not private and not all(map(is_public, ips)):
        raise Refused("address_private", host)
    return ips[0]
