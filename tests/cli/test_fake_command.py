"""`guanxi fake wechat`: it finds the front door of the installation, wherever that is served."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from guanxi.records.installation import Installation

NOWHERE = "http://127.0.0.1:9"
SERVING = """
import sys
from pathlib import Path
from guanxi.composition.supervise import Supervisor
from guanxi.records.installation import Installation
Supervisor(Installation.open(Path(sys.argv[1])), [], front_door=sys.argv[2]).run()
"""
ELSEWHERE = {**os.environ, "GUANXI_DATABASE_URL": "postgresql://127.0.0.1:9/none"}


class Hook(BaseHTTPRequestHandler):
    """A front door that answers the question of whoever saves its address."""

    def do_GET(self) -> None:
        (asked,) = parse_qs(urlsplit(self.path).query)["echostr"]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(asked.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation.create(tmp_path / "installation")


@contextmanager
def served(installation: Installation, door: str) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVING, str(installation.folder), door], env=ELSEWHERE
    ) as serving:
        try:
            until(lambda: installation.front_door == door)
            yield
        finally:
            serving.terminate()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_serves_says_where_and_a_second_one_changes_nothing(installation: Installation) -> None:
    assert installation.front_door == ""
    with served(installation, NOWHERE):
        second = subprocess.run(
            [sys.executable, "-c", SERVING, str(installation.folder), "http://127.0.0.1:10"],
            env=ELSEWHERE,
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert "already_serving" in second.stderr
        assert installation.front_door == NOWHERE
    with served(installation, "http://127.0.0.1:11"):
        assert installation.front_door == "http://127.0.0.1:11"


@contextmanager
def faked(installation: Installation) -> Iterator[Callable[[str], str]]:
    """A running fake; what it says next that holds the words, while it may still take a while."""
    environment = {name: value for name, value in os.environ.items() if name != "GUANXI_FRONT_DOOR"}
    words = ("fake", "wechat", "--data", str(installation.folder), "--port", "0", "--kind", "program")
    with subprocess.Popen(
        [sys.executable, "-m", "guanxi.cli", *words], stdout=subprocess.PIPE, text=True, env=environment
    ) as fake:
        assert fake.stdout is not None
        lines = iter(fake.stdout.readline, "")
        patience = threading.Timer(25, fake.kill)
        patience.start()
        try:
            yield lambda wanted: next((line for line in lines if wanted in line), "")
        finally:
            patience.cancel()
            fake.kill()


def test_the_fake_finds_the_front_door_and_follows_it_until_it_answers(installation: Installation) -> None:
    with HTTPServer(("127.0.0.1", 0), Hook) as hook:
        threading.Thread(target=hook.serve_forever, args=(0.05,), daemon=True).start()
        with served(installation, NOWHERE), faked(installation) as says:
            assert "--kind program" in says("guanxi account add")
            assert f"{NOWHERE}/hooks/wechat/fake" in says("Waiting for")
            answering = f"http://127.0.0.1:{hook.server_port}"
            installation.serving_path.write_text(answering)
            assert f"{answering}/hooks/wechat/fake answers" in says("answers")
        hook.shutdown()
