"""Tokens that a platform lends an account: fetched by one at a time, shared by all, and not asked for in vain.

After a token that was just renewed is refused too, the account is barred until its settings change; whoever
calls then is refused without a word to the platform. Where tokens are kept is a port.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from guanxi.channels.errors import PlatformRefused, Then
from guanxi.vocabulary.reasons import Refused

MARGIN_SECONDS = 120.0
REST_SECONDS = 60.0
YOUNG_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A token as it is kept, or why none is asked for; moments are seconds since 1970.

    Attributes:
        version: grows with every fetch, so that one who waited knows that another has fetched.
        mark: of the settings it was made for; under others it is void.
        renewed_at: when it was fetched in the place of a refused one; 0 for any other.
    """

    version: int = 0
    mark: str = ""
    value: str = field(default="", repr=False)
    expires_at: float = 0.0
    renewed_at: float = 0.0
    barred_code: str = ""
    barred_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Lent:
    """A token fresh from the platform."""

    value: str = field(repr=False)
    seconds: float


class TokenStore(Protocol):
    """Where an account's tokens are kept, for all threads and processes."""

    def read(self, name: str) -> Kept:
        """What is kept under the name; an empty one where nothing is."""

    def write(self, name: str, kept: Kept) -> None:
        """It is kept under the name."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Nobody else holds the name while this is held."""


class MemoryStore:
    """Tokens of one process."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def read(self, name: str) -> Kept:
        """What is kept under the name."""
        return self._kept.get(name, Kept())

    def write(self, name: str, kept: Kept) -> None:
        """It is kept until the process ends."""
        self._kept[name] = kept

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """No other thread holds the name."""
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            yield


class Tokens:
    """The tokens of one name of one account.

    Args:
        store: where they are kept.
        name: which token.
        mark: of the settings; after they change, bars and tokens of before are void.
        fetch: asks the platform.
        clock: seconds since 1970.
    """

    def __init__(
        self, store: TokenStore, name: str, mark: str, fetch: Callable[[], Lent], clock: Callable[[], float]
    ) -> None:
        self._store, self._name, self._mark = store, name, mark
        self._fetch, self._clock = fetch, clock
        self._held = Kept()
        self._accepted = 0

    def current(self) -> Kept:
        """A token that should be good; raises ``account_barred`` without asking where none will be."""
        held = self._held
        return held if self._good(held) else self._obtained(0)

    def renewed(self, stale: Kept, errcode: int) -> Kept:
        """A token fetched after the stale one, by whoever came first.

        A stale one that was itself just renewed, and that nobody here saw accepted, bars the account: a third
        would fare no better.
        """
        if self._in_vain(stale):
            self.bar(stale, errcode)
        return self._obtained(stale.version)

    def accepted(self, kept: Kept) -> None:
        """The platform took the token."""
        self._accepted = kept.version

    def bar(self, refused: Kept, errcode: int, seconds: float = 0.0) -> None:
        """No token is asked for until the settings change, or for so many seconds.

        Nothing happens where another token than the refused one is kept by now.
        """
        with self._store.alone(self._name):
            kept = self._store.read(self._name)
            if kept.version == refused.version:
                self._bar(kept, errcode, seconds)
        self._held = Kept()

    def _obtained(self, older_than: int) -> Kept:
        with self._store.alone(self._name):
            kept = self._store.read(self._name)
            self._refuse_barred(kept)
            if not (self._good(kept) and kept.version > older_than):
                kept = self._fetched(kept, older_than)
            self._held = kept
            return kept

    def _in_vain(self, stale: Kept) -> bool:
        young = self._clock() < stale.renewed_at + YOUNG_SECONDS
        return young and self._accepted != stale.version

    def _fetched(self, before: Kept, refused: int) -> Kept:
        try:
            lent = self._fetch()
        except PlatformRefused as error:
            if error.meaning.then in (Then.BAR, Then.RENEW):
                self._bar(before, error.errcode, 0.0)
            elif error.meaning.then is Then.REST_MINUTE:
                self._bar(before, error.errcode, REST_SECONDS)
            raise
        now = self._clock()
        renewed_at = now if refused else 0.0
        kept = Kept(before.version + 1, self._mark, lent.value, now + lent.seconds, renewed_at)
        self._store.write(self._name, kept)
        return kept

    def _bar(self, kept: Kept, errcode: int, seconds: float) -> None:
        until = self._clock() + seconds if seconds else 0.0
        barred = replace(kept, mark=self._mark, value="", barred_code=str(errcode), barred_until=until)
        self._store.write(self._name, barred)

    def _refuse_barred(self, kept: Kept) -> None:
        lasts = kept.barred_until == 0.0 or self._clock() < kept.barred_until
        if kept.barred_code and kept.mark == self._mark and lasts:
            raise Refused("account_barred", kept.barred_code)

    def _good(self, kept: Kept) -> bool:
        fresh = self._clock() < kept.expires_at - MARGIN_SECONDS
        return bool(kept.value) and kept.mark == self._mark and fresh
