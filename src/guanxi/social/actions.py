"""What people decide about the scores: how much a topic weighs."""

from __future__ import annotations

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import SOCIAL, transaction
from guanxi.social.models import TopicWeight
from guanxi.social.points import PERCENT_MAX, WHOLE_PERCENT
from guanxi.vocabulary.facts import NAME_MAX, clean
from guanxi.vocabulary.reasons import Refused


def set_topic_weight(actor: Actor, topic: str, percent: int) -> None:
    """Activities about the topic weigh so many per cent from the next refresh on, past ones too; 100 is usual."""
    require(actor, Permission.CHANGE_PROGRAMME)
    named = clean(topic.strip(), NAME_MAX)
    if not named:
        raise Refused("topic_missing")
    if not 0 <= percent <= PERCENT_MAX:
        raise Refused("topic_weight_out_of_range", str(percent))
    with transaction(SOCIAL):
        if percent == WHOLE_PERCENT:
            TopicWeight.objects.filter(topic=named).delete()
        else:
            TopicWeight.objects.update_or_create(topic=named, defaults={"percent": percent})
        record(SOCIAL, actor, "topic_weight_set", "topic", {"percent": percent})
