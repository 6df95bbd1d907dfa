"""`guanxi fake`: platforms of our own on this machine, to try the product without an account anywhere."""

from __future__ import annotations

import json
import os
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from guanxi.channels.wechat.fake.courier import Delivery
from guanxi.channels.wechat.fake.play import lives, settle_in
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account
from guanxi.cli.opening import DataFolder, point_at
from guanxi.cli.serving import WEB_PORT
from guanxi.vocabulary.reasons import Refused

app = typer.Typer(no_args_is_help=True, help="Platforms of our own, to try the product without an account.")
_ASK_AGAIN_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 0.5
_KEPT = ("app_id", "secret", "original_id", "token", "aes_key")


@app.callback()
def fakes() -> None:
    """Platforms of our own, to try the product without an account."""


Hook = Annotated[
    str | None,
    typer.Option(
        help="Where pushes go; by default /hooks/wechat/NAME at the front door of the installation.",
        show_default=False,
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        help="A file that keeps the account, so that it is the same next time; "
        "by default fake-wechat-NAME.json in the installation, where there is one.",
        show_default=False,
    ),
]
Form = Annotated[str, typer.Option("--format", help="Of pushes: xml or json.")]
Play = Annotated[bool, typer.Option("--play", help="They live their lives by themselves.")]
Kind = Annotated[str, typer.Option(help="Sort of account: service, subscription or program.")]
Count = Annotated[int, typer.Option(min=1, max=10_000, help="How many people know the account.")]
Deeds = Annotated[int, typer.Option(min=0, help="After so many deeds the play ends; 0: never.")]


@app.command()
def wechat(
    name: Annotated[str, typer.Option(help="What Guanxi calls the account.")] = "fake",
    hook: Hook = None,
    data: DataFolder = None,
    port: Annotated[int, typer.Option(help="Of the fake itself.")] = 8650,
    mode: Annotated[str, typer.Option(help="How pushes are written: safe, compat or plain.")] = "safe",
    form: Form = "xml",
    kind: Kind = "service",
    people: Count = 8,
    play: Play = False,
    deeds: Deeds = 0,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between deeds.")] = 1.0,
    keep: Keep = None,
    seed: Annotated[int, typer.Option(help="The same seed, the same lives.")] = 1,
) -> None:
    """Serve a WeChat with one account and a few people; its page is where they are told what to do."""
    _check(mode, ("safe", "compat", "plain"), "mode")
    _check(form, ("xml", "json"), "format")
    _check(kind, ("service", "subscription", "program"), "kind")
    keep = keep or _kept_in(data, name)
    fake = FakeWeChat()
    try:
        fake.start(port)
    except OSError:
        raise Refused("port_taken", str(port)) from None
    account = fake.world.open_account(
        hook=hook or _hook_of(data, name), mode=mode, format=form, kind=kind, **_drawn(keep)
    )
    _keep(keep, account)
    chance = random.Random(seed)  # noqa: S311 - lives, no secrets
    settle_in(fake.world, account, people, chance)
    _announce(fake, account, data)
    try:
        _wait_for_hook(fake, account, lambda: hook or _hook_of(data, name))
        if play:
            _play(fake, account, chance, deeds, pause)
        else:
            _tell(fake, account)
    finally:
        fake.stop()


def _hook_of(data: Path | None, name: str) -> str:
    """Where the installation hears the account: by the environment, else where it is or was served, else the usual."""
    stated = os.environ.get("GUANXI_FRONT_DOOR", "").rstrip("/")
    door = stated or point_at(data).front_door or f"http://127.0.0.1:{WEB_PORT + 1}"
    return f"{door}/hooks/wechat/{name}"


def _kept_in(data: Path | None, name: str) -> Path | None:
    """A file of the installation; none where there is no installation, or the name is no name of a file."""
    installation = point_at(data)
    fits = re.fullmatch(r"[\w.-]{1,64}", name) is not None
    return installation.folder / f"fake-wechat-{name}.json" if installation.exists and fits else None


def _check(value: str, choices: tuple[str, ...], name: str) -> None:
    if value not in choices:
        raise Refused("option_unfit", f"--{name} {value}")


def _drawn(keep: Path | None) -> dict[str, str]:
    if keep is None or not keep.exists():
        return {}
    try:
        kept = json.loads(keep.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in _KEPT}
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused("file_unreadable", str(keep)) from None


def _keep(keep: Path | None, account: Account) -> None:
    if keep is None or keep.exists():
        return
    with os.fdopen(os.open(keep, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({name: getattr(account, name) for name in _KEPT}, file)


def _announce(fake: FakeWeChat, account: Account, data: Path | None) -> None:
    name = account.hook.rstrip("/").rpartition("/")[2]
    named = f" --data {data}" if data else ""
    typer.echo(f"A WeChat of our own: {fake.address}   Ctrl-C ends it.\n")
    typer.echo("1. In another terminal, tell Guanxi of its account (once; `guanxi serve` may run or not):\n")
    typer.echo(
        f"guanxi account add wechat {name} --app-id {account.app_id} --app-secret {account.secret} "
        f"--token {account.token} --aes-key {account.aes_key} --mode {account.mode} --kind {account.kind} "
        f"--api-address {fake.address}{named}\n"
    )
    typer.echo(f"2. Keep `guanxi serve` running: pushes go to {account.hook}")
    typer.echo(f"3. Open {fake.address} and tell people what to do, or start this with --play.\n")
    sys.stdout.flush()


def _wait_for_hook(fake: FakeWeChat, account: Account, hook: Callable[[], str]) -> None:
    """The hook has answered as an address must that is being saved; it is looked up again until it does."""
    told = ""
    while not fake.courier.verify(account):
        if told != account.hook:
            told = account.hook
            typer.echo(f"Waiting for {told} to answer ...")
            sys.stdout.flush()
        time.sleep(_ASK_AGAIN_SECONDS)
        account.hook = hook()
    typer.echo(f"{account.hook} answers: its address is saved.")
    sys.stdout.flush()


def _play(fake: FakeWeChat, account: Account, chance: random.Random, deeds: int, pause: float) -> None:
    for number, (said, delivery) in enumerate(lives(fake.world, fake.courier, account, chance), start=1):
        _tell_one(said, delivery)
        if number == deeds:
            return
        time.sleep(pause)


def _tell(fake: FakeWeChat, account: Account) -> None:
    """Whatever people are told to do on the page or by hand is said here, with what they are answered."""
    told = 0
    while True:
        for delivery in fake.courier.deliveries[told:]:
            if not (delivery.error_banner or 200 in delivery.attempts):
                break  # its tries are not over
            told += 1
            who, notice = account.people.get(delivery.openid), delivery.notice
            what = notice.get("Event") or notice.get("MsgType")
            words = notice.get("Content") or notice.get("EventKey") or ""
            _tell_one(f"{who.name if who else delivery.openid}: {what} {words}".rstrip(), delivery)
        time.sleep(_LOOK_AGAIN_SECONDS)


def _tell_one(said: str, delivery: Delivery) -> None:
    answered = delivery.reply.get("content", "")
    trouble = "  (the user sees an error)" if delivery.error_banner else ""
    typer.echo(f"{said}{'  -> ' + answered if answered else ''}{trouble}")
    sys.stdout.flush()
