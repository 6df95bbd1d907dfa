"""The whole way: a fake WeChat, a real front door, and what the house knows afterwards."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from running import until

from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account
from guanxi.composition.consumers import hear
from guanxi.listen.replies.actions import Draft, add_reply_rule
from guanxi.listen.scenes.actions import SceneDraft, make_scene, scenes
from guanxi.records.accounts import add_account
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import SOCIAL, raw
from guanxi.records.installation import Installation

SCRIPT = Path(__file__).parents[2] / "examples" / "mini-program" / "guanxi.js"
PLAYED = Path(__file__).parent / "mini_program.mjs"


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    # What is answered within WeChat's five seconds is a bench's to say: here a machine may be busy with other tests.
    server = FakeWeChat(answer_seconds=30)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def door(running_house: Installation) -> Iterator[str]:
    """One door for every test here; it follows what the tests change within seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "guanxi.cli", "part", "door", "--port", str(port)]
    running = subprocess.Popen([*command, "--data", str(running_house.folder)], stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _is_alive(address), "the door")
        yield address
    finally:
        running.terminate()
        running.wait(20)


def _is_alive(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def opened(fake: FakeWeChat, name: str, door: str = "", **given: str) -> Account:
    hook = f"{door}/hooks/wechat/{name}" if door else ""
    account = fake.world.open_account(hook=hook, **given)
    secrets = {"app_secret": account.secret, "token": account.token, "aes_key": account.aes_key}
    settings = {"app_id": account.app_id, "mode": account.mode, "api_address": fake.address, **secrets}
    add_account(SYSTEM, "wechat", name, "Asia/Shanghai", settings)
    return account


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("mode", ["safe", "plain"])
def test_what_people_do_at_wechat_is_known_once_and_answered_in_time(
    house: Installation, fake: FakeWeChat, door: str, mode: str, form: str
) -> None:
    brand = f"brand-{mode}-{form}"
    account = opened(fake, brand, door, mode=mode, format=form)
    make_scene(SYSTEM, SceneDraft(brand, "card", "ambassador", "oAmbassador", 30), datetime.now(UTC))
    add_reply_rule(SYSTEM, Draft("wechat", brand, "follow", "contains", "", "欢迎来到品牌", True))
    until(lambda: fake.courier.verify(account), "the address check")
    people, person = People(fake.world, fake.courier, account), fake.world.meet(account, "小林")
    code = scenes(SYSTEM)[0].code
    deeds = [people.follow(person, code), people.scan(person, code)]
    fake.world.chaos.arm(Switch.TWICE)
    deeds += [people.say(person, "你好"), people.click(person, "menu"), people.revoke(person)]
    fake.world.chaos.arm(Switch.SIGNATURE)
    forged = people.say(person, "forged")
    fake.courier.settle()
    assert {tuple(deed.attempts) for deed in deeds} == {(200,)}
    assert not any(deed.error_banner for deed in deeds)
    assert deeds[0].reply["content"] == "欢迎来到品牌"
    assert forged.attempts == [403, 200]  # wrongly signed, then tried again as it should be
    hear()
    fans = raw(SOCIAL).execute("SELECT external_id FROM fan ORDER BY external_id").fetchall()
    assert {openid for (openid,) in fans} == {person.openid, "oAmbassador"}
    told = raw(SOCIAL).execute("SELECT sum(activities), sum(duplicates) FROM heard").fetchone()
    assert told == (6, 1)


def test_what_is_hostile_is_refused_and_what_is_late_or_double_is_counted_once(
    house: Installation, fake: FakeWeChat, door: str
) -> None:
    account = opened(fake, "chaos", door)
    until(lambda: fake.courier.verify(account), "the address check")
    people, person = People(fake.world, fake.courier, account), fake.world.meet(account, "小林")
    for switch in (Switch.DOCTYPE, Switch.LAUGHS, Switch.HUGE):
        fake.world.chaos.arm(switch)
        assert people.say(person, "还在吗").attempts == [200]
    assert fake.courier.hostile == [400, 400, 413]
    fake.world.chaos.arm(Switch.SCAN_TOO)
    people.follow(person, "q:1")
    fake.world.chaos.arm(Switch.HELD)
    held = people.say(person, "first")
    people.permit(person, "welcome_back order_sent")
    assert held.attempts == [200]
    hear()
    told = raw(SOCIAL).execute("SELECT sum(activities), sum(duplicates) FROM heard").fetchone()
    assert told == (8, 0)


def test_the_script_of_a_mini_program_logs_in_binds_and_reports(
    house: Installation, fake: FakeWeChat, door: str, tmp_path: Path
) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    account = opened(fake, "mini", kind="program")
    sharer, reader = (fake.world.meet(account, name, phone="13800138000") for name in ("小林", "阿May"))
    codes = [
        fake.world.issue_code(account, person, scope)
        for person, scope in ((sharer, "login"), (reader, "login"), (reader, "phone"))
    ]
    script = tmp_path / "guanxi.cjs"  # in a mini-program every file is a module of this sort
    script.write_bytes(SCRIPT.read_bytes())
    mini = f"{door}/mini/wechat/mini/login"
    until(lambda: httpx.post(mini, content=b"{}").json()["error"] == "code_missing", "the account")
    done = subprocess.run(
        [node, str(PLAYED), str(script), door, "mini", *codes],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    card = json.loads(done.stdout)
    assert card["title"] == "Spring"
    assert card["path"].startswith("/pages/spring?gx=")
    assert sharer.openid not in card["path"]
    hear()
    count = raw(SOCIAL).execute("SELECT sum(activities) FROM heard").fetchone()
    phones = raw(SOCIAL).execute("SELECT count(*) FROM contact_key WHERE kind = 'phone'").fetchone()
    assert count == (6,)
    assert phones == (1,)
