"""QR pictures: what they mean, how they are made, what a scan becomes, and the tokens that calls share."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from wechat_brand import NOW, Brand

from guanxi.channels.addresses import local_address
from guanxi.channels.hook import Told
from guanxi.channels.tokens import Kept
from guanxi.channels.wechat.fake import api_pages
from guanxi.listen.calling.lent import LentTokens
from guanxi.listen.calling.wechat import open_caller, read_wechat_accounts
from guanxi.listen.scenes.actions import SceneDraft, make_scene, rename_scene, scenes
from guanxi.listen.scenes.rules import Meaning, Scene, fresh_code, read_scenes, resolve
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import RELATIONSHIP, raw
from guanxi.records.installation import Installation
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused

TOLD = Told(Kind.FOLLOWED, "o1", NOW, reference="qrscene_q:1")
DRAFT = SceneDraft("brand", "Window of the shop", "store", "shop-7", 30)


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (Scene(Meaning.CONTENT, "spring"), {"content": "spring"}),
        (Scene(Meaning.CAMPAIGN, "launch"), {"campaign": "launch"}),
        (Scene(Meaning.STORE, "shop-7"), {"traits": {"store": "shop-7"}}),
        (Scene(Meaning.AMBASSADOR, "o9"), {"through": "o9"}),
        (Scene(Meaning.AMBASSADOR, "o1"), {}),
    ],
)
def test_a_scan_says_what_the_picture_means(scene: Scene, expected: dict[str, Any]) -> None:
    assert resolve(TOLD, {"q:1": scene}) == replace(TOLD, **expected)


def test_what_is_no_scene_of_the_account_stays_as_it_was() -> None:
    scene = {"q:1": Scene(Meaning.CONTENT, "spring")}
    for told in (replace(TOLD, reference="q:2"), replace(TOLD, reference=None)):
        assert resolve(told, scene) == told
    assert resolve(replace(TOLD, content="its own"), scene).content == "its own"


def test_codes_say_nothing_and_do_not_repeat() -> None:
    codes = {fresh_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {13}
    assert all(code.startswith("q:") and code[2:].isalnum() for code in codes)


def test_a_picture_is_made_by_the_platform_and_known_at_the_door(brand: Brand) -> None:
    made = make_scene(SYSTEM, DRAFT, NOW)
    (row,) = scenes(SYSTEM)
    assert (row.id, row.name, row.meaning, row.target) == (made, "Window of the shop", "store", "shop-7")
    assert row.expires_at == NOW + timedelta(days=30)
    (picture,) = brand.account.pictures.values()
    assert picture["scene"] == row.code
    assert read_scenes() == {("wechat", "brand"): {row.code: Scene(Meaning.STORE, "shop-7")}}
    assert row.image.startswith(brand.fake.address)
    verbs = raw(RELATIONSHIP).execute("SELECT verb, detail ->> 'meaning' FROM audit_entry").fetchall()
    assert ("scene_made", "store") in verbs
    rename_scene(SYSTEM, made, "Door")
    assert scenes(SYSTEM)[0].name == "Door"


def test_where_no_more_pictures_for_good_are_left_it_lasts_thirty_days(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_pages, "PERMANENT_MAX", 1)
    for _ in range(2):
        make_scene(SYSTEM, replace(DRAFT, days=None), NOW)
    brief, lasting = scenes(SYSTEM)
    assert lasting.expires_at is None
    assert brief.expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"meaning": "anything"}, "scene_meaning_unknown"),
        ({"target": " "}, "scene_target_unfit"),
        ({"name": "x" * 81}, "scene_name_unfit"),
        ({"days": 31}, "scene_days_unfit"),
        ({"account": "none"}, "no_such_channel_account"),
    ],
)
def test_a_picture_that_cannot_be_is_refused(brand: Brand, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        make_scene(SYSTEM, replace(DRAFT, **changed), NOW)
    assert brand.account.pictures == {}
    assert scenes(SYSTEM) == ()


def test_only_who_changes_campaigns_makes_pictures(brand: Brand) -> None:
    analyst = Actor(1, "a", frozenset({Role.ANALYST}))
    with pytest.raises(Refused, match="not_permitted"):
        make_scene(analyst, DRAFT, NOW)
    with pytest.raises(Refused, match="not_permitted"):
        rename_scene(analyst, 1, "x")


def test_processes_that_share_a_database_ask_for_one_token(brand: Brand) -> None:
    (account,) = read_wechat_accounts().values()
    gate = threading.Barrier(8)

    def ask(_: int) -> dict[str, Any]:
        with open_caller(account).client as client:
            gate.wait()
            return client.get("/cgi-bin/tags/get")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [{"tags": []}] * 8
    assert brand.fake.api.lending.calls["/cgi-bin/stable_token"] == 1


def test_a_token_lies_sealed(brand: Brand) -> None:
    (account,) = read_wechat_accounts().values()
    with open_caller(account).client as client:
        client.get("/cgi-bin/tags/get")
        token = client.store.read("access_token").value
    row = raw(RELATIONSHIP).execute("SELECT sealed FROM platform_token").fetchone()
    assert row is not None
    assert len(token) > 100
    assert token.encode() not in bytes(row[0])


def test_what_is_kept_comes_back_as_it_was(house: Installation) -> None:
    store = LentTokens("wechat", "brand")
    assert store.read("x") == Kept()
    for kept in (Kept(3, "m", "secret", 1e9, 5.0), Kept(4, "m", barred_code="40001", barred_until=2e9)):
        store.write("x", kept)
        assert store.read("x") == kept
        assert LentTokens("wechat", "other").read("x") == Kept()


@pytest.mark.parametrize(
    "written", ["https://api.example", "http://10.0.0.1", "http://127.0.0.1@evil.example", "http://[::1"]
)
def test_only_a_fake_on_this_machine_may_stand_in_for_wechat(written: str) -> None:
    with pytest.raises(Refused, match="setting_unfit"):
        local_address(written)
