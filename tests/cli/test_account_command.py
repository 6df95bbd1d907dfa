"""`guanxi account`: where settings come from, and what is never said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guanxi.channels.registry import platforms, settings_of
from guanxi.cli.accounts import app
from guanxi.records.accounts import opened_accounts
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
