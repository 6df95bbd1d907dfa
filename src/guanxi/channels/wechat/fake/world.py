"""What the fake WeChat remembers: accounts, people, pictures, messages and the time.

Knows no HTTP. One lock guards all of it.
"""

from __future__ import annotations

import secrets
import string
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.channels.wechat.fake.chaos import Chaos

_KEY_SIGNS = string.ascii_letters + string.digits
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Fault(Exception):
    """The API's refusal: WeChat's number and words for it."""

    def __init__(self, errcode: int, errmsg: str, **more: Any) -> None:
        super().__init__(errmsg)
        self.words: dict[str, Any] = {"errcode": errcode, "errmsg": f"{errmsg} rid: {rid()}", **more}


class Clock:
    """The fake's time, which can jump."""

    def __init__(self, machine: Callable[[], float] = time.time) -> None:
        self._machine = machine
        self.ahead = 0.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self._machine() + self.ahead

    def jump(self, seconds: float) -> None:
        """So many seconds have passed at once."""
        self.ahead += seconds


@dataclass(frozen=True)
class Media:
    """A picture, sound or film that is kept for a while."""

    sort: str
    content: bytes
    at: float


@dataclass
class Person:
    """Somebody who uses WeChat, as one account knows them."""

    openid: str
    name: str = ""
    union_id: str = ""
    phone: str = ""
    follows: bool = False
    followed_at: int = 0
    came_by: str = "ADD_SCENE_SEARCH"
    scene: str = ""
    blocks: bool = False
    tags: set[int] = field(default_factory=set)
    sends_left: int = 0
    sends_until: float = 0.0
    permits: dict[str, int] = field(default_factory=dict)
    mass_sends: dict[str, int] = field(default_factory=dict)


@dataclass
class Account:
    """One official account or mini-program, with what its console holds."""

    app_id: str
    secret: str
    original_id: str
    token: str
    aes_key: str
    mode: str = "safe"
    format: str = "xml"
    kind: str = "service"
    hook: str = ""
    deliveries_max: int = 3
    allowed_addresses: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset({"welcome_back", "order_sent"})
    limits: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    counters: dict[tuple[str, str], int] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    published: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class WebCode:
    """A code that a page or mini-program got for its user; good once, for five minutes."""

    app_id: str
    openid: str
    scope: str
    until: float
    is_snapshot: bool = False


@dataclass
class World:
    """Everything there is."""

    clock: Clock = field(default_factory=Clock)
    chaos: Chaos = field(default_factory=Chaos)
    accounts: dict[str, Account] = field(default_factory=dict)
    codes: dict[str, WebCode] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def open_account(self, **given: Any) -> Account:
        """A new account with drawn secrets, except for what is given."""
        drawn: dict[str, Any] = {
            "app_id": "wx" + secrets.token_hex(8),
            "secret": secrets.token_hex(16),
            "original_id": "gh_" + secrets.token_hex(6),
            "token": secrets.token_hex(12),
            "aes_key": "".join(secrets.choice(_KEY_SIGNS) for _ in range(43)),
        }
        account = Account(**{**drawn, **given})
        self.accounts[account.app_id] = account
        return account

    def meet(self, account: Account, name: str = "", **given: Any) -> Person:
        """Somebody new to the account, who does not follow it yet."""
        with self.lock:
            person = Person(f"o{secrets.token_urlsafe(20).replace('-', 'x')}"[:28], name, **given)
            account.people[person.openid] = person
            return person

    def keep_media(self, account: Account, sort: str, content: bytes) -> str:
        """The number under which the account can fetch it."""
        number = secrets.token_urlsafe(48)
        with self.lock:
            account.media[number] = Media(sort, content, self.clock())
        return number

    def issue_code(self, account: Account, person: Person, scope: str, is_snapshot: bool = False) -> str:
        """A code with which the account can ask once who this is."""
        code = "0" + secrets.token_hex(15)
        with self.lock:
            until = self.clock() + 300
            self.codes[code] = WebCode(account.app_id, person.openid, scope, until, is_snapshot)
        return code

    def today(self) -> str:
        """The date by which daily quotas are counted."""
        return f"{datetime.fromtimestamp(self.clock(), SHANGHAI):%Y-%m-%d}"


def open_window(person: Person, sends: int, seconds: float, now: float) -> None:
    """A deed of the person lets the account write: counts and deadlines do not add up, the larger holds."""
    left = person.sends_left if now < person.sends_until else 0
    person.sends_left = max(left, sends)
    person.sends_until = max(person.sends_until, now + seconds)


def rid() -> str:
    """The number of a request, which WeChat's support asks for."""
    drawn = secrets.token_hex(10)
    return f"{drawn[:8]}-{drawn[8:16]}-{drawn[16:]}"
