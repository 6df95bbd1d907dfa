"""The brand's pages as the door knows them: their addresses, what they are about, and who may speak for them.

Pure, but for `read_site`, which the door's snapshot calls. An address that was not stored is no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import psycopg

from guanxi.listen.shares.trials import Trial
from guanxi.listen.viewers.pages import read_pages
from guanxi.records.databases import SOCIAL, conninfo

TOKEN, HANDED = "gx", "gxh"
_DEFAULT_PORTS = {"https": 443, "http": 80}
_PAGES = """
SELECT p.page, p.platform, p.account, p.content, p.has_script, t.trial, t.percent, t.ended_at
FROM shared_page p LEFT JOIN share_trial t USING (platform, account, content)
WHERE t.trial IS NULL OR t.trial = (
    SELECT max(l.trial) FROM share_trial l
    WHERE (l.platform, l.account, l.content) = (p.platform, p.account, p.content)
)
"""


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A stored address, what is told about it, and by which lot its viewers are invited to share, if by any."""

    page: int
    address: str
    platform: str
    account: str
    content: str
    has_script: bool
    trial: Trial | None = None


@dataclass(frozen=True)
class Site:
    """Every page that may be shared, and every origin whose scripts may speak to the door."""

    addresses: Mapping[int, str] = field(default_factory=dict)
    shared: Mapping[int, SharedPage] = field(default_factory=dict)

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins of the stored addresses, as browsers write them."""
        return frozenset(origin(address) for address in self.addresses.values())

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], list[SharedPage]]:
        found: dict[tuple[str, str], list[SharedPage]] = {}
        for page in self.shared.values():
            found.setdefault(_place(urlsplit(page.address)), []).append(page)
        return found

    def page_at(self, address: str) -> SharedPage | None:
        """The stored page that an address shows, whatever was appended to it; the most exact one."""
        try:
            parts = urlsplit(address)
            candidates = self._by_place.get(_place(parts), [])
        except ValueError:
            return None
        shown = set(parse_qsl(parts.query, keep_blank_values=True))
        fitting = [(_pairs(page), page) for page in candidates if _pairs(page) <= shown]
        return max(fitting, key=lambda fit: len(fit[0]))[1] if fitting else None


def origin(address: str) -> str:
    """Scheme, host and, where it is not the usual one, port.

    >>> origin("https://brand.example:443/spring?x=1")
    'https://brand.example'
    """
    parts = urlsplit(address)
    scheme, host = _place(parts)[0].split("://")
    return f"{scheme}://{host}"


def with_marks(address: str, marks: Mapping[str, str]) -> str:
    """The address with our parameters after its own.

    >>> with_marks("https://brand.example/spring?x=1#top", {"gx": "abc"})
    'https://brand.example/spring?x=1&gx=abc#top'
    """
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(marks)) if part)
    return parts._replace(query=query).geturl()


def read_site() -> Site:
    """The pages of the moment; for the door's `Snapshot`."""
    addresses = read_pages()
    with psycopg.connect(conninfo(SOCIAL), connect_timeout=3) as connection:
        rows = connection.execute(_PAGES).fetchall()
    return Site(addresses, {row[0]: _shared(addresses[row[0]], row) for row in rows if row[0] in addresses})


def _shared(address: str, row: tuple[Any, ...]) -> SharedPage:
    page, platform, account, content, has_script, *drawn = row
    trial = Trial(*drawn) if drawn[0] is not None else None
    return SharedPage(page, address, platform, account, content, has_script, trial)


def _place(parts: SplitResult) -> tuple[str, str]:
    port = parts.port
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}" + ("" if usual else f":{port}"), parts.path or "/"


def _pairs(page: SharedPage) -> set[tuple[str, str]]:
    return set(parse_qsl(urlsplit(page.address).query, keep_blank_values=True))
