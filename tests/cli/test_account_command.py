"""`guanxi account`: where settings come from, and what is never said."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guanxi.channels.registry import platforms, settings_of
from guanxi.cli.accounts import app
from guanxi.records.accounts import opened_accounts
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused
from wechat_pushes import KEY

SAFE = ("--app-id", "wx1", "--aes-key", KEY)


@pytest.fixture
def ran(house: Installation) -> CliRunner:
    return CliRunner()


def account(runner: CliRunner, *words: str, **environment: str) -> Result:
    return runner.invoke(app, words, env=environment)


def kept() -> dict[str, str]:
    (found,) = opened_accounts()
    return found.settings


def test_a_secret_comes_from_a_file_the_environment_or_an_option(ran: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(" fromFile \n")
    for words, environment, expected in (
        (("--token-file", str(file)), {}, "fromFile"),
        ((), {"GUANXI_TOKEN": "fromEnvironment"}, "fromEnvironment"),
        (("--token", "fromOption"), {"GUANXI_TOKEN": "fromEnvironment"}, "fromOption"),
    ):
        added = account(ran, "add", "wechat", "main", *SAFE, *words, **environment)
        assert added.exit_code == 0, added.output
        assert kept()["token"] == expected
        assert expected not in added.output
        assert account(ran, "remove", "wechat", "main").exit_code == 0
    assert opened_accounts() == []


def test_what_is_missing_or_cannot_work_is_refused_and_nothing_is_kept(ran: CliRunner) -> None:
    for words, code in (
        (("--aes-key", KEY), "setting_missing"),
        ((*SAFE, "--token", "t", "--mode", "loud"), "setting_unfit"),
        (("--app-id", "wx1", "--token", "t"), "setting_missing"),
        ((*SAFE, "--token-file", "/nowhere/token"), "file_unreadable"),
        ((*SAFE, "--token", "t", "--zone", "Mars"), "zone_unknown"),
    ):
        refused = account(ran, "add", "wechat", "main", *words)
        assert isinstance(refused.exception, Refused)
        assert refused.exception.code == code
    assert opened_accounts() == []


def test_a_list_shows_where_a_platform_must_send_and_no_secret(ran: CliRunner) -> None:
    account(ran, "add", "wechat", "main", *SAFE, "--token", "canary9")
    for words in (("list",), ("list", "--json")):
        listed = account(ran, *words).output
        assert "/hooks/wechat/main" in listed
        assert "canary9" not in listed
        assert KEY not in listed
    assert json.loads(account(ran, "list", "--json").output)["accounts"][0]["name"] == "main"


def test_every_setting_of_every_platform_is_an_option() -> None:
    for platform in platforms():
        if not settings_of(platform):
            continue
        helped = CliRunner().invoke(app, ["add", platform, "--help"], env={"COLUMNS": "200"}).output
        for setting in settings_of(platform):
            spelt = f"--{setting.name.replace('_', '-')}"
            assert spelt in helped
            assert (f"{spelt}-file" in helped) == setting.is_secret


def test_a_change_leaves_what_it_does_not_name_and_drops_what_it_empties(
    ran: CliRunner, tmp_path: Path
) -> None:
    account(ran, "add", "wechat", "main", *SAFE, "--token", "first", "--relay-to", "https://vendor.example/h")
    file = tmp_path / "token"
    file.write_text("swordfish\n")
    for words, environment in (
        (("--token-file", str(file)), {}),
        (("--window-minutes", "5"), {"GUANXI_APP_SECRET": "fromEnvironment"}),
        (("--relay-to", ""), {}),
    ):
        changed = account(ran, "change", "wechat", "main", *words, **environment)
        assert changed.exit_code == 0, changed.output
        assert "swordfish" not in changed.output
    told = {"app_id": "wx1", "aes_key": KEY, "token": "swordfish", "app_secret": "fromEnvironment"}
    assert kept() == {**told, "window_minutes": "5"}
    assert account(ran, "change", "wechat", "main", "--zone", "Europe/Paris").exit_code == 0
    assert opened_accounts()[0].zone == "Europe/Paris"


def test_a_secret_is_asked_for_at_the_terminal_and_not_shown(ran: CliRunner) -> None:
    account(ran, "add", "wechat", "main", *SAFE, "--token", "first")
    asked = ran.invoke(app, ["change", "wechat", "main", "--ask", "token", "--ask", "app-secret"], "t2\ns2\n")
    assert asked.exit_code == 0, asked.output
    assert (kept()["token"], kept()["app_secret"]) == ("t2", "s2")
    assert "t2" not in asked.output


def test_whatever_an_account_needs_and_was_not_given_is_asked_for(house: Installation) -> None:
    command = [sys.executable, "-m", "guanxi.cli", "account", "add", "wechat", "asked", "--app-id", "wx1"]
    terminal, inner = pty.openpty()
    child = subprocess.Popen(
        [*command, "--data", str(house.folder)],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    )
    os.close(inner)
    patience = threading.Timer(90, child.kill)
    patience.start()
    seen = b""
    # The space after each colon comes once the terminal no longer echoes; what is typed before it is lost.
    answers = {b"token: ": b"swordfish\n", b"aes_key: ": KEY.encode() + b"\n"}
    with contextlib.suppress(OSError):  # Linux ends a terminal whose last user is gone with an error
        while heard := os.read(terminal, 4096):
            seen += heard
            for asked in [one for one in answers if one in seen]:
                os.write(terminal, answers.pop(asked))
    os.close(terminal)
    patience.cancel()
    assert child.wait(10) == 0, seen
    assert answers == {}
    assert kept() == {"app_id": "wx1", "token": "swordfish", "aes_key": KEY}
    assert b"swordfish" not in seen


def test_a_change_that_cannot_work_is_refused_and_nothing_has_changed(ran: CliRunner) -> None:
    account(ran, "add", "wechat", "main", *SAFE, "--token", "first")
    before = kept()
    for words, code in (
        (("main",), "nothing_to_change"),
        (("main", "--aes-key", ""), "setting_missing"),
        (("main", "--mode", "loud"), "setting_unfit"),
        (("main", "--ask", "shoe_size"), "setting_unknown"),
        (("other", "--token", "x"), "no_such_channel_account"),
    ):
        refused = account(ran, "change", "wechat", *words)
        assert isinstance(refused.exception, Refused)
        assert refused.exception.code == code
    assert kept() == before


def test_an_account_that_cannot_be_opened_is_entered_again(ran: CliRunner) -> None:
    account(ran, "add", "wechat", "main", *SAFE, "--token", "first")
    raw(RELATIONSHIP).execute("UPDATE channel_account SET sealed = '\\x00'")
    refused = account(ran, "change", "wechat", "main", "--token", "second")
    assert isinstance(refused.exception, Refused)
    assert account(ran, "change", "wechat", "main", *SAFE, "--token", "second").exit_code == 0
    assert kept()["token"] == "second"
