"""What platforms told of answers that people of the brand gave elsewhere: on the platform itself, or by other tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from guanxi.records.databases import SOCIAL, raw
from guanxi.vocabulary.facts import read_traits
from guanxi.vocabulary.platform import Platform

SERVICE = "service"
TELL: Mapping[Platform, tuple[str, ...]] = {
    Platform.WECHAT: ("kf_create_session", "kf_switch_session", "kf_close_session"),
    Platform.WHATSAPP: ("message_sent", "message_delivered"),
    Platform.X: ("message_answered",),
}
"""The notices that tell of an answer: an agent of WeChat's own desk took the fan on; WhatsApp carried a service message
(not one that was paid for as marketing); X tells of every direct message. Other platforms tell nothing."""

_NOTICES = """
SELECT n.fan, n.happened_at, a.platform, n.traits
FROM notice n JOIN account a ON a.id = n.account_id
WHERE n.fan IS NOT NULL AND n.happened_at >= %s
  AND EXISTS (SELECT 1 FROM unnest(%s::text[], %s::text[]) AS t(platform, name)
              WHERE t.platform = a.platform AND t.name = n.name)
"""


def answers_since(since: datetime) -> Iterator[tuple[int, datetime]]:
    """Fans with the moment of each answer that a platform told of since then."""
    wanted = [(platform.value, name) for platform, names in TELL.items() for name in names]
    platforms, names = zip(*wanted, strict=True)
    for fan, at, platform, traits in raw(SOCIAL).execute(_NOTICES, (since, list(platforms), list(names))):
        if platform != Platform.WHATSAPP or read_traits(traits).get("category") == SERVICE:
            yield fan, at
