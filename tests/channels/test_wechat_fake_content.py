"""The fake WeChat keeps media and drafts, publishes them, and pushes out of order, at once and after hostile bodies."""

from __future__ import annotations

from typing import Any

import httpx
from asking_fake import read, token, told
from telling_hook import Hook

from guanxi.channels.wechat.document import read_document
from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.server import FakeWeChat
from guanxi.channels.wechat.fake.world import Account, Person
from guanxi.channels.wechat.signing import is_signed


def posted(fake: FakeWeChat, account: Account, path: str, **words: Any) -> dict[str, Any]:
    return told(fake, account, f"/cgi-bin/{path}", words)


def uploaded(fake: FakeWeChat, account: Account, sort: str, content: bytes) -> dict[str, Any]:
    query = {"access_token": token(fake, account), "type": sort}
    address = f"{fake.address}/cgi-bin/media/upload"
    found: dict[str, Any] = httpx.post(address, params=query, files={"media": ("a.jpg", content)}).json()
    return found


def fetched(fake: FakeWeChat, account: Account, number: str) -> httpx.Response:
    query = {"access_token": token(fake, account), "media_id": number}
    return httpx.get(f"{fake.address}/cgi-bin/media/get", params=query)


def test_media_are_kept_for_three_days_and_a_picture_that_was_sent_can_be_fetched(
    fake: FakeWeChat, account: Account, people: People, person: Person, hook: Hook
) -> None:
    kept = uploaded(fake, account, "image", b"\xff\xd8 a picture \r\n--of lines")
    assert fetched(fake, account, kept["media_id"]).content == b"\xff\xd8 a picture \r\n--of lines"
    assert uploaded(fake, account, "thumb", b"x").keys() >= {"thumb_media_id", "created_at"}
    assert uploaded(fake, account, "scroll", b"x")["errcode"] == 40004
    assert uploaded(fake, account, "thumb", b"x" * 65_537)["errcode"] == 45001
    account.mode = "plain"
    people.show(person)
    number = read(hook.heard[-1][1], "xml")["MediaId"]
    shown = fetched(fake, account, number)
    assert (shown.content[:6], shown.headers["content-type"]) == (b"GIF89a", "image/jpeg")
    fake.world.clock.jump(3 * 86_400)
    assert [fetched(fake, account, one).json()["errcode"] for one in (number, "none")] == [40007, 40007]


def test_a_draft_is_changed_published_and_told_of(fake: FakeWeChat, account: Account, hook: Hook) -> None:
    account.mode = "plain"
    article = {"title": "春天", "content": "<p>x</p>", "thumb_media_id": "t"}
    draft = posted(fake, account, "draft/add", articles=[article, article])["media_id"]
    changed = {**article, "title": "夏天"}
    assert posted(fake, account, "draft/update", media_id=draft, index=1, articles=changed)["errcode"] == 0
    news = posted(fake, account, "draft/get", media_id=draft)["news_item"]
    assert [one["title"] for one in news] == ["春天", "夏天"]
    listed = posted(fake, account, "draft/batchget", offset=0, count=20, no_content=1)
    assert (listed["total_count"], listed["item"][0]["media_id"]) == (1, draft)
    assert posted(fake, account, "draft/batchget", offset=0, count=21)["errcode"] == 40097
    publish = posted(fake, account, "freepublish/submit", media_id=draft)["publish_id"]
    fake.courier.settle()
    pushed = read_document(hook.heard[-1][1])
    assert (pushed["event"], pushed["publisheventinfo"]["publish_id"]) == ("PUBLISHJOBFINISH", publish)
    article_id = posted(fake, account, "freepublish/get", publish_id=publish)["article_id"]
    items = posted(fake, account, "freepublish/getarticle", article_id=article_id)["news_item"]
    assert all(one["url"].startswith("http://mp.weixin.qq.com/s/") for one in items)
    assert posted(fake, account, "freepublish/batchget", offset=0, count=1)["item_count"] == 1
    assert posted(fake, account, "freepublish/delete", article_id=article_id)["errcode"] == 0
    assert posted(fake, account, "freepublish/getarticle", article_id=article_id)["errcode"] == 53600
    assert told(fake, account, "/cgi-bin/draft/count")["total_count"] == 0
    assert posted(fake, account, "draft/delete", media_id=draft)["errcode"] == 40007


def test_pushes_come_out_of_order_in_one_second_and_after_hostile_ones(
    fake: FakeWeChat, account: Account, people: People, person: Person, hook: Hook
) -> None:
    account.mode = "plain"
    fake.world.chaos.arm(Switch.HELD)
    held = people.say(person, "first")
    assert (held.attempts, hook.heard) == ([], [])
    people.say(person, "second")
    assert [read(body, "xml")["Content"] for _, body in hook.heard] == ["second", "first"]
    assert held.attempts == [200]
    fake.world.chaos.arm(Switch.SCAN_TOO)
    people.scan(person, "q:1")
    followed, scanned = (read(body, "xml") for _, body in hook.heard[-2:])
    assert (followed["EventKey"], scanned["EventKey"]) == ("qrscene_q:1", "q:1")
    for switch, size in ((Switch.DOCTYPE, 0), (Switch.LAUGHS, 0), (Switch.HUGE, 1 << 20)):
        fake.world.chaos.arm(switch)
        people.say(person, "x")
        query, body = hook.heard[-2]
        assert is_signed(query["signature"], account.token, query["timestamp"], query["nonce"])
        assert len(body) > size
    assert b"<!DOCTYPE" in hook.heard[-6][1]
    people.permit(person, "welcome_back order_sent")
    answers = read_document(hook.heard[-1][1])["subscribemsgpopupevent"]["list"]
    assert [one["templateid"] for one in answers] == ["welcome_back", "order_sent"]
