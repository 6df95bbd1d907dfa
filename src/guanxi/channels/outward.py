"""Asks addresses that people typed in: the one client that goes where a setting says.

Resolves a name once, refuses it if any of its addresses is not on the public internet (unless a setting allows
that), connects to the very address it checked, follows no redirect and reads no more than it was told to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult

import httpx

from guanxi.channels.addresses import IP, is_public, port_of, split_address
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered."""

    status: int
    body: bytes
    content_type: str


class Outward:
    """Asks; safe to use from many tasks of one loop."""

    def __init__(self) -> None:
        # Certificates are the system's; a connection serves once, so that none is shared between two names.
        self._client = httpx.AsyncClient(
            verify=ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def ask(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        private: bool,
        seconds: float,
        bytes_max: int,
    ) -> Reply:
        """The answer of an address.

        Args:
            method: in capitals.
            address: http or https, with its query.
            headers: passed on as they are.
            body: raw.
            private: whether the address may lie in a private network or on this machine.
            seconds: for everything together.
            bytes_max: a longer answer is refused.

        Raises:
            Refused: ``address_unfit``, ``address_private``, ``reply_too_large``.
            OSError: nobody answered, or not in time.
        """
        named = split_address(address)
        try:
            async with asyncio.timeout(seconds):
                ip = await _checked(named, private)
                return await self._asked(method, named, ip, headers, body, bytes_max)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ConnectionError(type(error).__name__) from None

    async def _asked(
        self, method: str, named: SplitResult, ip: IP, headers: Mapping[str, str], body: bytes, bytes_max: int
    ) -> Reply:
        host = f"[{ip}]" if ip.version == 6 else str(ip)
        target = named._replace(netloc=f"{host}:{port_of(named)}", fragment="").geturl()
        named_here = {**headers, "host": named.netloc, "accept-encoding": "identity"}
        sent = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named_here.items()]
        asked = self._client.build_request(
            method,
            target,
            headers=sent,
            content=body,
            timeout=None,
            extensions={"sni_hostname": named.hostname or ""},
        )
        answer = await self._client.send(asked, stream=True)
        try:
            return Reply(
                answer.status_code, await _body(answer, bytes_max), answer.headers.get("content-type", "")
            )
        finally:
            await answer.aclose()


async def _checked(named: SplitResult, private: bool) -> IP:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(named.hostname, port_of(named), type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Refused("address_unfit", named.hostname or "") from None
    ips = [ipaddress.ip_address(str(place[4][0]).partition("%")[0]) for place in found]
    if not ips:
        raise ConnectionError("no address")
    if not private and not all(map(is_public, ips)):
        raise Refused("address_private", named.hostname or "")
    return ips[0]


async def _body(answer: httpx.Response, bytes_max: int) -> bytes:
    if "content-encoding" in answer.headers:
        raise ConnectionError("a compressed answer that nobody asked for")
    taken = bytearray()
    async for part in answer.aiter_raw():
        taken += part
        if len(taken) > bytes_max:
            raise Refused("reply_too_large", str(bytes_max))
    return bytes(taken)
