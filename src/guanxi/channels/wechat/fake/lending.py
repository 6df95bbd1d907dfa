"""The fake's tokens and quotas: who may call, how often a day, and until when a token is good."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.world import Account, Fault, World

LIFE, OVERLAP = 7200.0, 300.0
LIMITS = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "force_refresh": 20,
    "/cgi-bin/clear_quota": 10,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
}
_LIMIT_OTHERWISE = 500_000


@dataclass
class Lent:
    """The tokens of one account in one of the two ways to get them."""

    value: str = ""
    until: float = 0.0
    older: dict[str, float] = field(default_factory=dict)
    forced_at: float = 0.0


class Lending:
    """Mints tokens and counts calls."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lent: dict[tuple[str, str], Lent] = {}
        self.calls: dict[str, int] = {}

    def token(self, app_id: str, secret: str, caller: str) -> dict[str, object]:
        """`/cgi-bin/token`: a new token each time; the one before is good for five more minutes."""
        account = self._proven(app_id, secret, caller)
        self.count(account, "/cgi-bin/token")
        return self._minted(account, "plain")

    def stable_token(self, app_id: str, secret: str, caller: str, force: bool = False) -> dict[str, object]:
        """`/cgi-bin/stable_token`: the same token until five minutes before its end."""
        account = self._proven(app_id, secret, caller)
        self.count(account, "/cgi-bin/stable_token")
        lent, now = self._of(account, "stable"), self._world.clock()
        if force:
            if now - lent.forced_at < 30:
                raise Fault(45009, "reach max api daily quota limit")
            self.count(account, "force_refresh")
            lent.forced_at = now
        elif lent.value and now < lent.until - OVERLAP:
            return {"access_token": lent.value, "expires_in": int(lent.until - now)}
        return self._minted(account, "stable")

    def rotate(self, account: Account) -> None:
        """Another system has forced a new token, and the overlap has passed."""
        self._minted(account, "stable")
        self._of(account, "stable").older.clear()

    def caller_of(self, token: str) -> Account:
        """The account whose token this is; a fault where it is none."""
        if not token:
            raise Fault(41001, "access_token missing")
        if self._world.chaos.strikes(Switch.TOKEN_REFUSED):
            raise Fault(40001, "invalid credential, access_token is invalid or not latest")
        now = self._world.clock()
        for (app_id, _), lent in self._lent.items():
            until = lent.until if secrets.compare_digest(lent.value, token) else lent.older.get(token)
            if until is not None:
                if now >= until:
                    raise Fault(42001, "access_token expired")
                return self._world.accounts[app_id]
        raise Fault(40001, "invalid credential, access_token is invalid or not latest")

    def count(self, account: Account, call: str, period: str = "") -> None:
        """One more call of this sort today (or in the period named); a fault where that is one too many."""
        self.calls[call] = self.calls.get(call, 0) + 1
        place = (call, period or self._world.today())
        made = account.counters.get(place, 0) + 1
        if made > account.limits.get(call, LIMITS.get(call, _LIMIT_OTHERWISE)):
            raise Fault(45009, "reach max api daily quota limit")
        account.counters[place] = made

    def clear(self, account: Account) -> None:
        """The day's counts begin anew; ten times a month at most."""
        month = self._world.today()[:7]
        try:
            self.count(account, "/cgi-bin/clear_quota", month)
        except Fault:
            raise Fault(48006, "forbid to clear quota because of reaching the limit") from None
        kept = {place: n for place, n in account.counters.items() if place[1] == month}
        account.counters.clear()
        account.counters.update(kept)

    def _proven(self, app_id: str, secret: str, caller: str) -> Account:
        account = self._world.accounts.get(app_id)
        if account is None:
            raise Fault(40013, "invalid appid")
        if not secrets.compare_digest(account.secret, secret):
            raise Fault(40125, "invalid appsecret")
        if account.allowed_addresses and caller not in account.allowed_addresses:
            raise Fault(40164, f"invalid ip {caller} ipv6 ::ffff:{caller}, not in whitelist")
        return account

    def _minted(self, account: Account, way: str) -> dict[str, object]:
        lent, now = self._of(account, way), self._world.clock()
        if lent.value:
            lent.older[lent.value] = min(lent.until, now + OVERLAP)
        lent.value, lent.until = secrets.token_urlsafe(96), now + LIFE
        return {"access_token": lent.value, "expires_in": int(LIFE)}

    def _of(self, account: Account, way: str) -> Lent:
        return self._lent.setdefault((account.app_id, way), Lent())
