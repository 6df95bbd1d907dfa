"""How soon the hook of a WeChat account answers while everything else goes on: digest, refresh and a console user.

A scale is how many fans the world beside it has. Pushes come in safe mode, 100 a second, each timed from when it was
due; meanwhile clients send events, the worker digests all that is heard and refreshes the world's tables as soon as
it has done so, and somebody opens one page of the console after another.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from itertools import count, cycle
from pathlib import Path
from typing import Any

from guanxi.cli.opening import opened
from guanxi.vocabulary.progress import SILENT, Progress

SCALES = (20_000,)
HERE = Path(__file__).parent / "load"
SECONDS, PUSHES_A_SECOND = 60, 100
EVENTS_A_BATCH, BATCHES_A_SECOND = 500, 4
_HEARD = "SELECT coalesce(sum(activities), 0)::bigint FROM heard WHERE source = 'wechat:bench'"
_REFRESHED = (
    "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'guanxi.refresh' AND status = 'succeeded'"
)


def run(scale: int, folder: Path, tell: Progress) -> dict[str, int]:
    """A minute of pushes was answered beside all that; fails where one that was answered is not in the inbox."""
    from load.parts import free_port, listening, part, running
    from load.visiting import visited

    tell.begin("a world, one round")
    import_module("round").run(scale, folder, SILENT)
    tell.end()
    with ExitStack() as house:
        installation = house.enter_context(opened(folder / "installation", tell=SILENT))
        account = _account()
        visit = house.enter_context(visited(installation.folder))
        port = free_port()
        house.enter_context(listening(part("door", installation.folder, "--port", str(port)), port))
        hook = f"http://127.0.0.1:{port}/hooks/wechat/bench"
        tell.begin("pushes, nothing beside")
        alone = _pushed(hook, account, SECONDS / 4)
        tell.end()
        house.enter_context(running(part("worker", installation.folder)))
        tell.begin("pushes, everything beside")
        beside: dict[str, int] = {}
        with _busy(
            beside, {"pages": _reader(visit), "batches": _sender(port), "refreshes begun": _refresher()}
        ):
            told = _pushed(hook, account, SECONDS)
        tell.end()
        from guanxi.records.databases import RELATIONSHIP

        beside["refreshes finished"] = _asked(_REFRESHED, RELATIONSHIP)
        return {**_lines("alone", alone), **_lines("beside", told), **beside, **_kept(told, alone)}


def _account() -> dict[str, Any]:
    from guanxi.channels.wechat.fake.world import World
    from guanxi.records.accounts import add_account
    from guanxi.records.actor import SYSTEM

    drawn = World().open_account(mode="safe")
    names = ("app_id", "token", "aes_key", "mode")
    add_account(SYSTEM, "wechat", "bench", "Asia/Shanghai", {name: getattr(drawn, name) for name in names})
    return {name: getattr(drawn, name) for name in (*names, "secret", "original_id")}


def _pushed(hook: str, account: dict[str, Any], seconds: float) -> dict[str, Any]:
    command = [str(HERE / "pushing.py"), hook, json.dumps(account), str(PUSHES_A_SECOND), str(seconds)]
    ran = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    if told["others"]:
        raise SystemExit(f"answered otherwise: {told['others']}")
    return told


@contextmanager
def _busy(counts: dict[str, int], doing: dict[str, Callable[[], None]]) -> Iterator[None]:
    """Each is done over and over, and counted, until the block ends; what goes wrong ends the bench."""
    ending = threading.Event()
    failures: list[BaseException] = []

    def again(name: str, once: Callable[[], None]) -> None:
        counts[name] = 0
        try:
            while not ending.is_set():
                once()
                counts[name] += 1
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=again, args=one, daemon=True) for one in doing.items()]
    for thread in threads:
        thread.start()
    yield
    ending.set()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def _reader(visit: Any) -> Callable[[], None]:
    """Opens every page of the navigation, one after another."""
    from django.urls import reverse

    from guanxi.console.shell import SECTIONS

    pages = cycle([reverse(entry.name) for section in SECTIONS for entry in section.entries])

    def read() -> None:
        visit.get(next(pages))

    return read


def _sender(port: int) -> Callable[[], None]:
    """Sends a batch of events, and waits for what is left of its share of a second."""
    import httpx

    from guanxi.listen.track.actions import make_write_key
    from guanxi.records.actor import SYSTEM

    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}", auth=(make_write_key(SYSTEM, "bench", "web", "main"), "")
    )
    numbers = count()

    def send() -> None:
        began = time.monotonic()
        batch = [_event(next(numbers)) for _ in range(EVENTS_A_BATCH)]
        client.post("/v1/batch", json={"batch": batch}, timeout=60).raise_for_status()
        time.sleep(max(1 / BATCHES_A_SECOND - (time.monotonic() - began), 0.0))

    return send


def _event(number: int) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Content Viewed",
        "messageId": f"beside-{number}",
        "userId": f"visitor{number % 20_000}",
        "properties": {"content_id": f"page{number % 50}"},
    }


def _refresher() -> Callable[[], None]:
    """Asks the worker for a refresh as soon as none waits, as its clock does every five minutes."""
    from procrastinate.exceptions import AlreadyEnqueued

    from guanxi.composition import jobs

    def ask() -> None:
        while True:
            with suppress(AlreadyEnqueued):
                jobs.refresh.defer(timestamp=int(time.time()))
                return
            time.sleep(0.5)

    return ask


def _lines(what: str, told: dict[str, Any]) -> dict[str, int]:
    names = {"p500": "p50", "p990": "p99", "p999": "p99.9", "max": "longest"}
    return {f"{what}: {word} ms": round(told[name]) for name, word in names.items()} | {
        f"{what}: answered": told["answered"],
        f"{what}: over a second": told["late"],
    }


def _kept(*pushed: dict[str, Any]) -> dict[str, int]:
    """Every push that was answered is counted; fails where one is not."""
    from guanxi.records.databases import SOCIAL

    sent = sum(one["answered"] for one in pushed)
    heard = _asked(_HEARD, SOCIAL)
    if heard != sent:
        raise SystemExit(f"{sent} pushes were answered and {heard} are in the inbox")
    return {"pushes in the inbox": heard}


def _asked(question: str, alias: str) -> int:
    from guanxi.records.databases import raw

    row = raw(alias).execute(question.encode()).fetchone()
    assert row is not None
    return int(row[0])
