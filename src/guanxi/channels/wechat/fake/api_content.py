"""The fake's API of content: pictures and sounds for three days, drafts, and their publication.

Publication after developers.weixin.qq.com/doc/offiaccount/Publish/Callback_on_finish.html and Get_status.html,
media and drafts after CHANNELS 5.1. Refuses sorts of media that nobody has, and what is gone.
"""

from __future__ import annotations

import secrets
from typing import Any

from guanxi.channels.wechat.fake.calls import DONE, Call, MediaRoute, Route
from guanxi.channels.wechat.fake.world import Fault, Media, Person

MEDIA_SECONDS, BATCH_MAX = 3 * 86_400, 20
BYTES_MAX = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "thumb": "image/jpeg"}


def _upload(call: Call) -> dict[str, Any]:
    sort = call.query.get("type", "")
    if sort not in BYTES_MAX:
        raise Fault(40004, "invalid media type")
    kept = _keep(call, sort)
    named = "thumb_media_id" if sort == "thumb" else "media_id"
    return {"type": sort, named: kept, "created_at": int(call.world.clock())}


def _upload_picture(call: Call) -> dict[str, Any]:
    """A picture for the text of an article; it stays."""
    _keep(call, "image")
    return {"url": f"http://mmbiz.qpic.cn/fake/{secrets.token_urlsafe(16)}/0"}


def _keep(call: Call, sort: str) -> str:
    content = _file_of(call.body)
    if len(content) > BYTES_MAX[sort]:
        raise Fault(45001, "media size out of limit")
    return call.world.keep_media(call.account, sort, content)


def _file_of(body: bytes) -> bytes:
    """The first file of a form, as its boundary, which begins the body, parts it off."""
    boundary, _, rest = body.partition(b"\r\n")
    _, _, content = rest.partition(b"\r\n\r\n")
    content, found, _ = content.partition(b"\r\n" + boundary)
    if not (boundary.startswith(b"--") and found and content):
        raise Fault(41005, "media data missing")
    return content


def _get(call: Call) -> Media:
    kept = call.account.media.get(call.query.get("media_id", ""))
    if kept is None or call.world.clock() >= kept.at + MEDIA_SECONDS:
        raise Fault(40007, "invalid media_id")
    return kept


def media_type(media: Media) -> str:
    """Under which content type a medium is sent."""
    return _TYPES[media.sort]


def _draft_add(call: Call) -> dict[str, Any]:
    articles = call.words.get("articles")
    if not isinstance(articles, list) or not articles or not all(_is_article(one) for one in articles):
        raise Fault(47001, "data format error")
    number = secrets.token_urlsafe(32)
    call.account.drafts[number] = {"articles": articles, "at": int(call.world.clock())}
    return {"media_id": number}


def _is_article(one: object) -> bool:
    return isinstance(one, dict) and bool(one.get("title")) and bool(one.get("content"))


def _draft(call: Call) -> dict[str, Any]:
    found = call.account.drafts.get(str(call.words.get("media_id") or ""))
    if found is None:
        raise Fault(40007, "invalid media_id")
    return found


def _draft_update(call: Call) -> dict[str, Any]:
    draft, article, place = _draft(call), call.words.get("articles"), call.words.get("index")
    if not _is_article(article) or not isinstance(place, int) or not 0 <= place < len(draft["articles"]):
        raise Fault(47001, "data format error")
    draft["articles"][place] = article
    return DONE


def _draft_delete(call: Call) -> dict[str, Any]:
    _draft(call)
    del call.account.drafts[str(call.words["media_id"])]
    return DONE


def _draft_batch(call: Call) -> dict[str, Any]:
    items = [
        {"media_id": number, "content": {"news_item": draft["articles"]}, "update_time": draft["at"]}
        for number, draft in reversed(call.account.drafts.items())
    ]
    return _batch(call, items)


def _batch(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    start, count = call.words.get("offset"), call.words.get("count")
    if not isinstance(start, int) or not isinstance(count, int) or start < 0 or not 1 <= count <= BATCH_MAX:
        raise Fault(40097, "invalid args")
    shown = items[start : start + count]
    if call.words.get("no_content") == 1:
        shown = [{**one, "content": {"news_item": [{}]}} for one in shown]
    return {"total_count": len(items), "item_count": len(shown), "item": shown}


def _submit(call: Call) -> dict[str, Any]:
    """The draft is published at once and told of by a push, as in life some minutes later."""
    articles = _draft(call)["articles"]
    publish, article = str(100_000_001 + len(call.account.published)), secrets.token_urlsafe(24)
    items = [
        {"idx": place, "article_url": f"http://mp.weixin.qq.com/s/{secrets.token_urlsafe(16)}"}
        for place in range(1, len(articles) + 1)
    ]
    told = {
        "publish_id": publish,
        "publish_status": 0,
        "article_id": article,
        "article_detail": {"count": len(items), "item": items},
    }
    call.account.published[article] = {"articles": articles, "at": int(call.world.clock()), "told": told}
    del call.account.drafts[str(call.words["media_id"])]
    event = {"MsgType": "event", "Event": "PUBLISHJOBFINISH", "PublishEventInfo": told}
    call.push(call.account, Person(call.account.original_id), event)
    return {**DONE, "publish_id": publish}


def _status(call: Call) -> dict[str, Any]:
    wanted = str(call.words.get("publish_id") or "")
    for one in call.account.published.values():
        if one["told"]["publish_id"] == wanted:
            return {**one["told"], "fail_idx": []}
    raise Fault(53503, "invalid publish_id")


def _published(call: Call) -> dict[str, Any]:
    found = call.account.published.get(str(call.words.get("article_id") or ""))
    if found is None:
        raise Fault(53600, "invalid article_id")
    return found


def _article(call: Call) -> dict[str, Any]:
    found = _published(call)
    addresses = [item["article_url"] for item in found["told"]["article_detail"]["item"]]
    return {"news_item": [{**one, "url": url} for one, url in zip(found["articles"], addresses, strict=True)]}


def _publish_batch(call: Call) -> dict[str, Any]:
    items = [
        {"article_id": number, "content": {"news_item": one["articles"]}, "update_time": one["at"]}
        for number, one in reversed(call.account.published.items())
    ]
    return _batch(call, items)


def _withdraw(call: Call) -> dict[str, Any]:
    _published(call)
    del call.account.published[str(call.words["article_id"])]
    return DONE


ROUTES: dict[str, Route] = {
    "/cgi-bin/media/upload": _upload,
    "/cgi-bin/media/uploadimg": _upload_picture,
    "/cgi-bin/draft/add": _draft_add,
    "/cgi-bin/draft/get": lambda call: {"news_item": _draft(call)["articles"]},
    "/cgi-bin/draft/update": _draft_update,
    "/cgi-bin/draft/delete": _draft_delete,
    "/cgi-bin/draft/count": lambda call: {"total_count": len(call.account.drafts)},
    "/cgi-bin/draft/batchget": _draft_batch,
    "/cgi-bin/freepublish/submit": _submit,
    "/cgi-bin/freepublish/get": _status,
    "/cgi-bin/freepublish/getarticle": _article,
    "/cgi-bin/freepublish/batchget": _publish_batch,
    "/cgi-bin/freepublish/delete": _withdraw,
}
MEDIA_ROUTES: dict[str, MediaRoute] = {"/cgi-bin/media/get": _get}
