"""A platform's push over HTTP to a running door becomes a fan, and a command tells where it must send."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from running import Serving, guanxi, nobody_left, until

from guanxi.records.databases import address
from guanxi.records.installation import Installation
from guanxi.vocabulary.ids import Side
from wechat_pushes import FAN, SETTINGS, as_xml, event, push, request


@pytest.mark.xdist_group("processes")
def test_an_account_added_by_command_is_heard_at_the_door_and_becomes_a_fan(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    folder.mkdir()
    with nobody_left(folder):
        serving = Serving(folder)
        serving.start()
        key = tmp_path / "aes-key.txt"
        key.write_text(SETTINGS["aes_key"] + "\n")
        added = guanxi(
            folder,
            *("account", "add", "wechat", "main", "--app-id", SETTINGS["app_id"], "--mode", "safe"),
            *("--aes-key-file", str(key)),
            GUANXI_TOKEN=SETTINGS["token"],
        )
        assert "/hooks/wechat/main" in added
        listed = guanxi(folder, "account", "list")
        assert "wechat  main  Asia/Shanghai  /hooks/wechat/main" in listed
        assert SETTINGS["token"] not in added + listed

        def sent(fields: dict[str, str]) -> int:
            one = request(as_xml(fields), "safe", datetime.now(UTC))
            hook = f"{serving.door}/hooks/wechat/main"
            return httpx.post(hook, params=dict(one.query), content=one.body).status_code

        assert until(lambda: sent(event("subscribe", EventKey="")) == 200, "the door to know the account")
        assert sent(push("text", "1", Content="hello")) == 200

        def fan() -> bool:
            with psycopg.connect(address(Installation(folder), Side.SOCIAL).conninfo()) as connection:
                rows = connection.execute("SELECT external_id FROM fan WHERE followed_at IS NOT NULL")
                return rows.fetchall() == [(FAN,)]

        until(fan, "the fan")
        guanxi(folder, "account", "remove", "wechat", "main")
        until(lambda: sent(push("text", "2", Content="gone")) == 404, "the door to forget the account")
        assert serving.stop() == 0
