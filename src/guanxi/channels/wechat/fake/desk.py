"""The fake's control desk: one page of people and what they do, the same as plain POSTs, and OAuth's page.

``POST /fake/<deed>`` with form fields ``openid`` and ``words``; ``GET /fake/state`` tells everything as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from guanxi.channels.wechat.fake.chaos import ALWAYS, Switch
from guanxi.channels.wechat.fake.courier import Courier, Delivery
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.world import Account, Person, World

DEEDS: dict[str, Callable[[People, Person, str], Delivery | None]] = {
    "follow": lambda people, person, words: people.follow(person, words),
    "unfollow": lambda people, person, _: people.unfollow(person),
    "text": lambda people, person, words: people.say(person, words or "hello"),
    "click": lambda people, person, words: people.click(person, words or "menu"),
    "view": lambda people, person, words: people.view(person, words or "https://brand.example/"),
    "scan": lambda people, person, words: people.scan(person, words),
    "show": lambda people, person, _: people.show(person),
    "locate": lambda people, person, words: people.locate(person, *_place(words)),
    "pay": lambda people, person, _: people.pay(person),
    "revoke": lambda people, person, words: people.revoke(person, words or "205"),
    "cancel": lambda people, person, _: people.cancel(person),
    "permit": lambda people, person, words: people.permit(person, words or "welcome_back"),
    "block": lambda people, person, _: people.block(person),
}


def _place(words: str) -> tuple[float, float]:
    """Latitude and longitude; Shanghai where they are not said."""
    north, _, east = words.partition(",")
    try:
        return float(north), float(east)
    except ValueError:
        return 31.23, 121.47


@dataclass(frozen=True)
class Page:
    """What is answered."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class Desk:
    """Pages and deeds of one world."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world, self._courier = world, courier

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Page:
        """The page of the path; a deed that comes as a form is done first."""
        if path == "/connect/oauth2/authorize":
            return self._authorize(query)
        if path == "/cgi-bin/showqrcode":
            return self._picture(query.get("ticket", ""))
        if path == "/fake/state":
            return Page(200, written_json(self._state()), "application/json")
        if method == "POST" and path.startswith("/fake/"):
            return self._done(path.removeprefix("/fake/"), dict(parse_qsl(body.decode("utf-8", "replace"))))
        return self._front() if path == "/" else Page(404, b"no such page")

    def _done(self, deed: str, form: Mapping[str, str]) -> Page:
        account = self._account(form.get("app_id", ""))
        if account is None:
            return Page(404, b"no such account")
        if deed == "chaos":
            return self._armed(form)
        if deed == "clock":
            self._world.clock.jump(float(form.get("words") or 0))
            return _home()
        if deed == "meet":
            person = self._world.meet(account, form.get("words", ""))
            return Page(200, written_json({"openid": person.openid}), "application/json")
        found = account.people.get(form.get("openid", ""))
        if found is None or deed not in DEEDS:
            return Page(404, b"no such person or deed")
        DEEDS[deed](People(self._world, self._courier, account), found, form.get("words", ""))
        return _home()

    def _armed(self, form: Mapping[str, str]) -> Page:
        name, _, times = form.get("words", "").partition(" ")
        if name not in set(Switch):
            return Page(404, b"no such switch")
        self._world.chaos.arm(Switch(name), ALWAYS if times == "always" else int(times or 1))
        return _home()

    def _authorize(self, query: Mapping[str, str]) -> Page:
        """Whoever is chosen goes back with a code; in life this is the person whose WeChat it is."""
        account, back = self._world.accounts.get(query.get("appid", "")), query.get("redirect_uri", "")
        if account is None or urlsplit(back).scheme not in ("http", "https"):
            return Page(400, "redirect_uri 参数错误".encode())
        person = account.people.get(query.get("as", ""))
        if person is None:
            choices = "".join(
                f'<li><a href="?{escape(urlencode({**query, "as": one.openid}))}">{escape(one.name)}</a></li>'
                for one in account.people.values()
            )
            return _html(f"<h1>Who is looking?</h1><ul>{choices}</ul>")
        snapshot = self._world.chaos.strikes(Switch.SNAPSHOT)
        code = self._world.issue_code(account, person, query.get("scope", "snapsi_base"), snapshot)
        joined = "&" if urlsplit(back).query else "?"
        target = back + joined + urlencode({"code": code, "state": query.get("state", "")})
        return Page(302, b"", headers=(("Location", target),))

    def _picture(self, ticket: str) -> Page:
        for account in self._world.accounts.values():
            if ticket in account.pictures:
                scene = str(account.pictures[ticket]["scene"])
                rows = "".join(_button(account, one, "scan", scene) for one in account.people.values())
                return _html(f"<h1>A picture with the scene {escape(scene)}</h1><p>Who scans it?</p>{rows}")
        return Page(404, b"no such picture")

    def _front(self) -> Page:
        return _html("".join(self._account_shown(account) for account in self._world.accounts.values()))

    def _account_shown(self, account: Account) -> str:
        rows = "".join(self._person_shown(account, person) for person in account.people.values())
        meet = _form(account, None, "meet", "A new person", "name")
        pictures = "".join(
            f'<li><a href="/cgi-bin/showqrcode?{escape(urlencode({"ticket": ticket}))}">'
            f"{escape(str(picture['scene']))}</a></li>"
            for ticket, picture in account.pictures.items()
        )
        return f"<h1>{escape(account.app_id)}</h1><table>{rows}</table>{meet}<ul>{pictures}</ul>"

    def _person_shown(self, account: Account, person: Person) -> str:
        doing = "".join(_form(account, person, deed, deed) for deed in DEEDS)
        replies = [d.reply.get("content", "") for d in self._courier.deliveries if d.openid == person.openid]
        said = escape(next((text for text in reversed(replies) if text), ""))
        state = "follows" if person.follows else "does not follow"
        return f"<tr><th>{escape(person.name)}</th><td>{state}</td><td>{said}</td><td>{doing}</td></tr>"

    def _state(self) -> dict[str, Any]:
        accounts = []
        for account in self._world.accounts.values():
            people = [{**asdict(p), "tags": sorted(p.tags)} for p in list(account.people.values())]
            shown = {
                "app_id": account.app_id,
                "outbox": account.outbox,
                "pictures": account.pictures,
                "drafts": account.drafts,
                "published": account.published,
            }
            accounts.append({**shown, "people": people})
        deliveries = [asdict(delivery) for delivery in list(self._courier.deliveries)]
        told = {"deliveries": deliveries, "hostile": self._courier.hostile}
        return {"accounts": accounts, **told, "chaos": self._world.chaos.armed()}

    def _account(self, app_id: str) -> Account | None:
        return self._world.accounts.get(app_id) or next(iter(self._world.accounts.values()), None)


def written_json(words: object) -> bytes:
    """JSON as WeChat writes it: raw UTF-8."""
    return json.dumps(words, ensure_ascii=False).encode()


def _button(account: Account, person: Person, deed: str, words: str) -> str:
    hidden = f'<input type="hidden" name="words" value="{escape(words)}">'
    return _opened(account, person, deed) + hidden + f"<button>{escape(person.name)}</button></form>"


def _form(account: Account, person: Person | None, deed: str, label: str, hint: str = "") -> str:
    field = f'<input name="words" size="8" placeholder="{escape(hint)}">'
    return _opened(account, person, deed) + field + f"<button>{escape(label)}</button></form>"


def _opened(account: Account, person: Person | None, deed: str) -> str:
    who = f'<input type="hidden" name="openid" value="{escape(person.openid)}">' if person else ""
    app = f'<input type="hidden" name="app_id" value="{escape(account.app_id)}">'
    return f'<form method="post" action="/fake/{deed}">{app}{who}'


def _html(content: str) -> Page:
    style = "<style>body{font:16px sans-serif;margin:2em}form{display:inline}td{padding:.2em .6em}</style>"
    return Page(200, f"<!doctype html><title>Fake WeChat</title>{style}{content}".encode())


def _home() -> Page:
    return Page(303, b"", headers=(("Location", "/"),))
