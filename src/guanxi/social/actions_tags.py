"""What people do with tags: put them on fans, take them off, and settle what platforms must still be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.batches import digest_alone
from guanxi.records.databases import SOCIAL, transaction
from guanxi.records.installation import Installation
from guanxi.records.keys import row_keys
from guanxi.records.register import Place
from guanxi.social.belonging import Connection, write_tags
from guanxi.social.models import Account, Fan, FanTag, Tag, TagOrder
from guanxi.social.tags import TagNews, TagsNews
from guanxi.vocabulary.facts import NAME_MAX, VALUE_MAX, clean
from guanxi.vocabulary.reasons import Refused

FANS_MAX = 10_000
TRIES_MAX = 5


def tag_fans(
    actor: Actor, account: int, fans: Sequence[int], tag: str, now: datetime, wanted: bool = True
) -> int:
    """The fans carry the tag, or no longer do, and their platform is going to be told; says the tag.

    Args:
        actor: who asks.
        account: the account whose fans all of them are.
        fans: at most `FANS_MAX`.
        tag: what it is called.
        now: when.
        wanted: false takes the tag off.
    """
    require(actor, Permission.CHANGE_SEGMENTS)
    name, chosen = clean(tag.strip(), NAME_MAX), sorted(set(fans))
    if not name:
        raise Refused("tag_missing")
    if len(chosen) > FANS_MAX:
        raise Refused("too_many_fans", str(FANS_MAX))
    with transaction(SOCIAL) as connection:
        digest_alone(connection)
        _check_fans(account, chosen)
        one = _named(account, name, now)
        moment = TagNews(tagged_at=now) if wanted else TagNews(untagged_at=now)
        if chosen:
            write_tags(connection, TagsNews(fans={(one.pk, fan): moment for fan in chosen}))
        TagOrder.objects.bulk_create(
            TagOrder(tag=one.pk, fan=fan, wanted=wanted, ordered_at=now) for fan in chosen
        )
        verb = "fans_tagged" if wanted else "fans_untagged"
        record(SOCIAL, actor, verb, f"tag:{one.pk}", {"fans": len(chosen)})
    return one.pk


def settle_orders(orders: Sequence[int], external_id: str, now: datetime) -> None:
    """The platform has been told; its id of the tag is the one by which the tag is known from now on."""
    with transaction(SOCIAL) as connection:
        digest_alone(connection)
        tags = set(TagOrder.objects.filter(pk__in=orders).values_list("tag", flat=True))
        TagOrder.objects.filter(pk__in=orders).update(state="done", code="", settled_at=now)
        for tag in Tag.objects.filter(pk__in=tags).exclude(external_id=external_id).select_related("account"):
            _known_as(connection, tag, external_id)


def leave_orders(orders: Sequence[int], code: str, now: datetime, for_good: bool = False) -> None:
    """The platform has not been told: it is tried again, at most `TRIES_MAX` times, or not at all."""
    with transaction(SOCIAL):
        for order in TagOrder.objects.filter(pk__in=orders):
            order.tries += 1
            order.code = clean(code, NAME_MAX)
            if for_good or order.tries >= TRIES_MAX:
                order.state, order.settled_at = "refused", now
            order.save()


def rename_tags(place: Place, names: Mapping[str, str], as_of: datetime) -> None:
    """Known tags are called as the account's own list says, unless we heard a name later than that."""
    with transaction(SOCIAL) as connection:
        digest_alone(connection)
        here = Tag.objects.filter(account__platform=place.platform, account__name=place.account)
        called = {
            one.pk: (clean(names[one.external_id], VALUE_MAX), one.name)
            for one in here.filter(external_id__in=names)
        }
        news = {tag: (as_of, said) for tag, (said, known) in called.items() if said and said != known}
        write_tags(connection, TagsNews(names=news))


def _check_fans(account: int, fans: list[int]) -> None:
    if not Account.objects.filter(pk=account).exists():
        raise Refused("no_such_channel_account", str(account))
    known = set(Fan.objects.filter(pk__in=fans, account=account).values_list("pk", flat=True))
    missing = [fan for fan in fans if fan not in known]
    if missing:
        raise Refused("no_such_fan", str(missing[0]))


def _named(account: int, name: str, now: datetime) -> Tag:
    """The account's tag of this name, the platform's own before one of ours."""
    known = Tag.objects.filter(account=account, name=name).order_by("pk").first()
    if known is not None:
        return known
    key = _key(Account.objects.get(pk=account), name)
    made = {"account_id": account, "external_id": name, "name": name, "named_at": now}
    return Tag.objects.get_or_create(key=key, defaults=made)[0]


def _known_as(connection: Connection, tag: Tag, external_id: str) -> None:
    """Where the platform's tag was heard of by itself, ours becomes that one."""
    key = _key(tag.account, external_id)
    other = Tag.objects.filter(key=key).first()
    if other is None:
        Tag.objects.filter(pk=tag.pk).update(key=key, external_id=external_id)
        return
    worn = FanTag.objects.filter(tag=tag.pk)
    moved = {(other.pk, one.fan): TagNews(one.tagged_at, one.untagged_at) for one in worn}
    if moved:
        write_tags(connection, TagsNews(fans=moved))
    worn.delete()
    TagOrder.objects.filter(tag=tag.pk).update(tag=other.pk)
    tag.delete()


def _key(account: Account, external_id: str) -> bytes:
    pepper = Installation.current().secrets.pepper
    return row_keys(pepper, "tag", account.platform, account.name, (external_id,))[0]
