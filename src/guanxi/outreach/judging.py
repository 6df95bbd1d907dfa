"""The leash on a batch of candidates, judged from what the reserving transaction reads under its locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from guanxi.channels.cap import Cap, counts, has_room, window_start
from guanxi.consent.locks import lock_for_sending
from guanxi.consent.standing import Wishes, suppressed_keys, wishes
from guanxi.correlation.purposes import Purpose as LinkPurpose
from guanxi.outreach.leash import PASSING, Ask, Decision, Leash, Reason, Standing, Verdict, judge
from guanxi.outreach.queries.accounts import Reach
from guanxi.outreach.reading import Contact, Persons, contacts_of, held_out_of, persons_of, sent_by

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the plan lets pass, with what only the lake knows of them."""

    identity: int
    zone: str = "UTC"
    city: str = ""
    heard_at: datetime | None = None
    band: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a campaign asks, of whom, under which leash."""

    campaign: int
    channel: str
    consent_channels: list[str]
    holdout_period: str
    ask: Ask
    leash: Leash


Judged = tuple[Candidate, Verdict]


class Room:
    """All that a batch's verdicts hang on, read once under the locks."""

    def __init__(
        self,
        connection: Connection,
        asked: Asked,
        persons: Persons,
        fans: Mapping[int, Reach],
        now: datetime,
    ) -> None:
        everyone = persons.everyone()
        lock_for_sending(connection, everyone)
        self._persons, self._fans, self._now = persons, fans, now
        self._channel, self._ask, self._leash = asked.channel, asked.ask, asked.leash
        self.wished: Wishes = wishes(connection, everyone, asked.ask.purpose, asked.consent_channels)
        keys = {key for reach in fans.values() for key in reach.keys}
        self._barred = suppressed_keys(connection, keys)
        self._held_out = held_out_of(connection, asked.holdout_period, everyone)
        self._sure = persons_of(connection, LinkPurpose.REWARD, everyone)
        self._contacts = contacts_of(connection, everyone, self._since())
        self._sent = sent_by(connection, asked.campaign, everyone)

    def judge_each(self, candidates: list[Candidate]) -> Iterator[Judged]:
        """The verdict on each candidate; of two identities of one person only the first passes."""
        taken: set[int] = set()
        for one in candidates:
            members = self._persons.of(one.identity)
            person = self._persons.person[one.identity]
            if person in taken or not self._sent.isdisjoint(members):
                yield one, Verdict(Decision.DROP, (Reason.ALREADY_SENT,))
                continue
            verdict = judge(self._standing(one, members), self._ask, self._leash, self._now)
            if verdict.decision in PASSING:
                taken.add(person)
            yield one, verdict

    def _since(self) -> datetime:
        """The earliest moment from which any cap counts."""
        rule = self._ask.rule
        caps = [
            self._leash.cap,
            *self._leash.bands.values(),
            *([rule.cap] if rule is not None and rule.cap is not None else []),
        ]
        starts = [window_start(cap, self._now) for cap in caps]
        if rule is not None and rule.window is not None:
            starts.append(
                self._now.fromtimestamp(self._now.timestamp() - rule.window.seconds, self._now.tzinfo)
            )
        return min(starts)

    def _standing(self, one: Candidate, members: tuple[int, ...]) -> Standing:
        group = frozenset(members)
        sure = frozenset(self._sure.of(one.identity))
        reach = self._fans.get(one.identity // 2)
        contacts = [contact for member in members for contact in self._contacts.get(member, ())]
        rule = self._ask.rule
        on_channel = [contact for contact in contacts if contact.channel == self._channel]
        platform_sends, platform_blocking = _counted(rule.cap if rule else None, on_channel, self._now)
        brand_sends, brand_blocking = _counted(self._leash.cap, contacts, self._now)
        band_sends, band_blocking = _counted(self._leash.bands.get(one.band), contacts, self._now)
        heard_at = one.heard_at
        return Standing(
            zone=one.zone,
            has_address=reach is not None and one.identity % 2 == 0,
            withdrew=not group.isdisjoint(self.wished.withdrew),
            granted=not sure.isdisjoint(self.wished.granted),
            follows=_follows(one.identity, self.wished),
            is_customer=any(code % 2 for code in sure),
            is_suppressed=self._is_suppressed(group, reach),
            is_held_out=not group.isdisjoint(self._held_out),
            platform_sends=platform_sends,
            platform_blocking=platform_blocking,
            brand_sends=brand_sends,
            brand_blocking=brand_blocking,
            band=one.band,
            band_sends=band_sends,
            band_blocking=band_blocking,
            heard_at=heard_at,
            sends_since_heard=sum(heard_at is not None and c.reserved_at > heard_at for c in contacts),
        )

    def _is_suppressed(self, group: frozenset[int], reach: Reach | None) -> bool:
        by_key = reach is not None and not self._barred.isdisjoint(reach.keys)
        return by_key or not group.isdisjoint(self.wished.suppressed)


def _counted(cap: Cap | None, contacts: list[Contact], now: datetime) -> tuple[int, datetime | None]:
    """How many sends the cap counts, and the one whose leaving makes room."""
    if cap is None:
        return 0, None
    counted = sorted((c.reserved_at for c in contacts if counts(cap, c.reserved_at, now)), reverse=True)
    blocked = bool(cap.sends_max) and not has_room(cap, len(counted))
    return len(counted), counted[(cap.sends_max or 0) - 1] if blocked else None


def _follows(identity: int, wished: Wishes) -> bool | None:
    if identity in wished.follows:
        return True
    return False if identity in wished.unfollowed else None
