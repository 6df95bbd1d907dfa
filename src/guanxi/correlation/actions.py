"""What people decide of links: confirm, undo, restore, propose.

Each is one transaction in relationship, with its audit. Nothing is ever merged or deleted: an undone link
stays, and can be restored as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa

from guanxi.correlation.evidence import NAMED, Evidence, as_rows, combined
from guanxi.correlation.locks import lock_links
from guanxi.correlation.models import Link
from guanxi.correlation.persons import Membership, change_of, grouped, live_pairs_of, regrouped
from guanxi.correlation.ports import followers
from guanxi.correlation.purposes import LinkState, Purpose
from guanxi.correlation.refresh import spread
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.vocabulary.reasons import Refused
from guanxi.vocabulary.time import aware

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class UndoPreview:
    """What undoing a link would do.

    Attributes:
        persons: for each purpose, the members of the person that holds both now, and the persons it would
            fall into.
        consequences: what rooms above would do, as counts by reason code.
    """

    persons: dict[str, tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]]
    consequences: dict[str, int]


def confirm_link(actor: Actor, link_id: int, decided_at: datetime) -> None:
    """The link is confirmed: live for every purpose, whatever its probability."""
    require(actor, Permission.DECIDE_LINKS)
    with transaction(RELATIONSHIP) as connection:
        link = _locked(connection, link_id)
        if link.state == LinkState.UNDONE:
            raise Refused("link_is_undone", str(link_id))
        if link.state == LinkState.CONFIRMED:
            return
        link.state = LinkState.CONFIRMED
        _decide(connection, actor, link, "link_confirmed", "", decided_at)


def undo_link(actor: Actor, link_id: int, reason: str, decided_at: datetime) -> None:
    """The link joins nobody any more, and no evidence will make it live again; only a person can."""
    require(actor, Permission.DECIDE_LINKS)
    with transaction(RELATIONSHIP) as connection:
        link = _locked(connection, link_id)
        if link.state == LinkState.UNDONE:
            return
        link.undone_from, link.state = link.state, LinkState.UNDONE
        link.refused_kinds = sorted(row["kind"] for row in link.evidence)
        _decide(connection, actor, link, "link_undone", reason, decided_at)


def restore_link(actor: Actor, link_id: int, reason: str, decided_at: datetime) -> None:
    """An undone link stands again as it stood before it was undone."""
    require(actor, Permission.DECIDE_LINKS)
    with transaction(RELATIONSHIP) as connection:
        link = _locked(connection, link_id)
        if link.state != LinkState.UNDONE:
            raise Refused("link_not_undone", str(link_id))
        link.state, link.undone_from, link.refused_kinds = link.undone_from, "", []
        _decide(connection, actor, link, "link_restored", reason, decided_at)


def propose_link(actor: Actor, fan: int, customer: int, reason: str, decided_at: datetime) -> int:
    """A link that somebody named is proposed; it stays below every threshold until it is confirmed."""
    require(actor, Permission.DECIDE_LINKS)
    _must_exist(SOCIAL, "fan", fan)
    _must_exist(CUSTOMERS, "customer", customer)
    with transaction(RELATIONSHIP) as connection:
        lock_links(connection)
        if Link.objects.filter(fan=fan, customer=customer).exists():
            raise Refused("link_exists", f"{fan}, {customer}")
        evidence = [Evidence(NAMED)]
        link = Link.objects.create(
            fan=fan,
            customer=customer,
            probability=combined(evidence),
            evidence=as_rows(evidence),
            named=True,
            made_at=aware(decided_at),
            decided_by=actor.name,
            reason=reason,
        )
        record(RELATIONSHIP, actor, "link_proposed", f"link:{link.pk}", {"reason": reason})
        return int(link.pk)


def preview_undo(actor: Actor, link_id: int) -> UndoPreview:
    """Says which persons would split and what would follow; nothing is changed."""
    require(actor, Permission.SEE_LINKS)
    with transaction(RELATIONSHIP) as connection:
        lock_links(connection)
        link = Link.objects.filter(pk=link_id).first()
        if link is None:
            raise Refused("no_such_link", str(link_id))
        persons: dict[str, tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]] = {}
        consequences: dict[str, int] = {}
        for purpose in Purpose:
            before, after = _without(connection, purpose, link)
            persons[purpose.value] = (tuple(before.identity.tolist()), _parts(before, after))
            change = change_of(purpose, before, after)
            for follower in followers():
                for code, count in follower.foresee(connection, change).items():
                    consequences[code] = consequences.get(code, 0) + count
        return UndoPreview(persons, consequences)


def _without(connection: Connection, purpose: Purpose, link: Link) -> tuple[Membership, Membership]:
    touched = np.array([link.fan * 2, link.customer * 2 + 1], dtype=np.int64)
    before, _ = regrouped(connection, purpose, np.sort(touched))
    pairs = live_pairs_of(connection, purpose, before.identity)
    kept = [(f, c) != (link.fan, link.customer) for f, c in zip(*pairs.to_pydict().values(), strict=True)]
    return before, grouped(pairs.filter(pa.array(kept, pa.bool_())))


def _parts(before: Membership, after: Membership) -> tuple[tuple[int, ...], ...]:
    person_of = {code: code for code in before.identity.tolist()}
    person_of.update(zip(after.identity.tolist(), after.person.tolist(), strict=True))
    parts: dict[int, list[int]] = {}
    for code, person in sorted(person_of.items()):
        parts.setdefault(person, []).append(code)
    return tuple(tuple(part) for part in parts.values())


def _locked(connection: Connection, link_id: int) -> Link:
    lock_links(connection)
    link = Link.objects.select_for_update().filter(pk=link_id).first()
    if link is None:
        raise Refused("no_such_link", str(link_id))
    return link


def _decide(
    connection: Connection, actor: Actor, link: Link, verb: str, reason: str, decided_at: datetime
) -> None:
    link.decided_by, link.reason, link.decided_at = actor.name, reason, aware(decided_at)
    link.save()
    spread(connection, np.array(sorted([link.fan * 2, link.customer * 2 + 1])), actor, link.decided_at)
    record(RELATIONSHIP, actor, verb, f"link:{link.pk}", {"reason": reason})


def _must_exist(alias: str, table: str, ref: int) -> None:
    found = raw(alias).execute(f"SELECT 1 FROM {table} WHERE id = %s", (ref,)).fetchone()  # noqa: S608
    if found is None:
        raise Refused(f"no_such_{table}", str(ref))
