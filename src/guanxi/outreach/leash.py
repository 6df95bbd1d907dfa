"""The leash: may we, and should we, speak to this person now.

Pure. Judges in one order: legal basis, suppression, reachability, the opening, the platform's window and cap,
quiet hours where the person lives, the brand's own caps, holdout. Every reason is named; a drop outweighs a hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from guanxi.channels.cap import Cap, has_room, room_at
from guanxi.channels.hours import OpenHours, is_open, opens_at
from guanxi.channels.rule import MessageRule, OptIn, ReplyWindow, Starter
from guanxi.consent.purpose import Purpose


class Decision(StrEnum):
    """What is decided for one person; `due` is a send to somebody who has heard nothing for too long."""

    SEND = "send"
    DUE = "due"
    HOLD = "hold"
    DROP = "drop"


class Reason(StrEnum):
    """Why, in the order in which it is judged."""

    WITHDREW = "withdrew"
    NO_REQUEST = "no_request"
    NOT_FOLLOWING = "not_following"
    NO_CONSENT = "no_consent"
    NOT_A_CUSTOMER = "not_a_customer"
    SUPPRESSED = "suppressed"
    NO_ADDRESS = "no_address"
    UNFOLLOWED = "unfollowed"
    PLATFORM_FORBIDS = "platform_forbids"
    NOT_OPEN = "not_open"
    WINDOW_CLOSED = "window_closed"
    WINDOW_SPENT = "window_spent"
    PLATFORM_CAP = "platform_cap"
    QUIET_HOURS = "quiet_hours"
    BRAND_CAP = "brand_cap"
    BAND_CAP = "band_cap"
    HOLDOUT = "holdout"
    ALREADY_SENT = "already_sent"


PASSING = frozenset({Decision.SEND, Decision.DUE})


@dataclass(frozen=True, slots=True)
class Leash:
    """The brand's own restraint.

    Attributes:
        cap: how often one person hears of the brand, over all platforms.
        hours: when people may be disturbed, on their own clock; None means always.
        due_after_days: silence after which somebody should hear of us; None means never.
        bands: a further cap for those of a band of influence, which only ever tightens.
        early_access: how much earlier than for all others a campaign opens to those of a band.
    """

    cap: Cap
    hours: OpenHours | None = None
    due_after_days: int | None = None
    bands: Mapping[str, Cap] = field(default_factory=dict)
    early_access: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """What we want to say: for which purpose, under which of the platform's rules, from when on.

    Attributes:
        rule: None where the platform has none.
        opens_at: before it nobody hears, but for early access; None is at once.
    """

    purpose: Purpose
    rule: MessageRule | None
    opens_at: datetime | None = None

    @property
    def is_prompted(self) -> bool:
        """Whether the person acted first; then it is an answer, and no holdout keeps it back."""
        return self.rule is not None and self.rule.starts is Starter.PERSON


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one person when the question is put.

    Attributes:
        zone: where their clock is.
        has_address: an identity of theirs can be reached on the account asked for.
        withdrew: any identity of theirs refused this purpose here.
        granted: the identity reached, or one surely the same person, allowed it here.
        follows: of the identity reached; None where nothing was ever heard.
        is_customer: the person is surely known to have bought.
        is_suppressed: any identity is on the suppression list.
        is_held_out: the person is in the holdout.
        platform_sends: sends counted by the platform's cap.
        platform_blocking: the send whose leaving makes room there (the cap's nth latest).
        brand_sends: sends counted by the brand's cap.
        brand_blocking: the send whose leaving makes room there.
        band: how much the identity reached moves others; empty where it is not known.
        band_sends: sends counted by the band's own cap.
        band_blocking: the send whose leaving makes room there.
        heard_at: the person's last message to us.
        sends_since_heard: sends since then.
        silent_since: our last send, else when we first heard of them.
    """

    zone: str = "UTC"
    has_address: bool = True
    withdrew: bool = False
    granted: bool = False
    follows: bool | None = None
    is_customer: bool = False
    is_suppressed: bool = False
    is_held_out: bool = False
    platform_sends: int = 0
    platform_blocking: datetime | None = None
    brand_sends: int = 0
    brand_blocking: datetime | None = None
    band: str = ""
    band_sends: int = 0
    band_blocking: datetime | None = None
    heard_at: datetime | None = None
    sends_since_heard: int = 0
    silent_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided, every reason for it, and for a hold when to ask again (None: nobody knows)."""

    decision: Decision
    reasons: tuple[Reason, ...] = ()
    until: datetime | None = None


Delay = tuple[Reason, datetime | None]


def judge(person: Standing, ask: Ask, leash: Leash, now: datetime) -> Verdict:
    """The verdict on one message to one person."""
    forbidding = tuple(_forbidding(person, ask))
    if forbidding:
        return Verdict(Decision.DROP, forbidding)
    if person.is_held_out and not ask.is_prompted:
        return Verdict(Decision.DROP, (Reason.HOLDOUT,))
    delays = tuple(_delaying(person, ask, leash, now))
    if delays:
        ends = [until for _, until in delays if until is not None]
        until = max(ends) if len(ends) == len(delays) else None
        return Verdict(Decision.HOLD, tuple(reason for reason, _ in delays), until)
    return Verdict(Decision.DUE if _is_due(person, leash, now) else Decision.SEND)


def _forbidding(person: Standing, ask: Ask) -> Iterator[Reason]:
    if person.withdrew:
        yield Reason.WITHDREW
    if person.has_address and ask.rule is not None:
        yield from _unfounded(person, ask.rule.opt_in)
        if ask.purpose is Purpose.SELL and not (person.is_customer or person.granted):
            yield Reason.NOT_A_CUSTOMER
    if person.is_suppressed:
        yield Reason.SUPPRESSED
    if not person.has_address:
        yield Reason.NO_ADDRESS
    elif person.follows is False and ask.rule is not None and ask.rule.opt_in is OptIn.FOLLOW:
        yield Reason.UNFOLLOWED
    if ask.rule is None or not ask.rule.allowed:
        yield Reason.PLATFORM_FORBIDS


def _unfounded(person: Standing, opt_in: OptIn) -> Iterator[Reason]:
    """The proof that this kind of message asks for and that is missing."""
    if opt_in is OptIn.REQUEST and person.heard_at is None:
        yield Reason.NO_REQUEST
    elif opt_in is OptIn.FOLLOW and person.follows is None and not person.granted:
        yield Reason.NOT_FOLLOWING
    elif opt_in in (OptIn.CONSENT, OptIn.TRANSACTION) and not person.granted:
        yield Reason.NO_CONSENT


def opening_for(band: str, ask: Ask, leash: Leash) -> datetime | None:
    """The moment from which those of a band may hear; None where there is nothing to wait for, as with answers."""
    if ask.opens_at is None or ask.is_prompted:
        return None
    return ask.opens_at - leash.early_access.get(band, timedelta())


def _delaying(person: Standing, ask: Ask, leash: Leash, now: datetime) -> Iterator[Delay]:
    opening = opening_for(person.band, ask, leash)
    if opening is not None and now < opening:
        yield Reason.NOT_OPEN, opening
    rule = ask.rule
    if rule is not None and rule.window is not None:
        yield from _outside(person, rule.window, now)
    if rule is not None and rule.cap is not None and not has_room(rule.cap, person.platform_sends):
        yield Reason.PLATFORM_CAP, room_at(rule.cap, person.platform_blocking, now)
    openings = [opens_at(hours, now, person.zone) for hours in hours_of(ask, leash)]
    if any(not is_open(hours, now, person.zone) for hours in hours_of(ask, leash)):
        yield Reason.QUIET_HOURS, max(openings)
    if not has_room(leash.cap, person.brand_sends):
        yield Reason.BRAND_CAP, room_at(leash.cap, person.brand_blocking, now)
    own = leash.bands.get(person.band)
    if own is not None and not has_room(own, person.band_sends):
        yield Reason.BAND_CAP, room_at(own, person.band_blocking, now)


def hours_of(ask: Ask, leash: Leash) -> tuple[OpenHours, ...]:
    """The open hours that apply: the platform's and the brand's."""
    platform = ask.rule.hours if ask.rule is not None else None
    return tuple(hours for hours in (platform, leash.hours) if hours is not None)


def _outside(person: Standing, window: ReplyWindow, now: datetime) -> Iterator[Delay]:
    """A closed or spent window opens only when the person speaks again, and nobody knows when."""
    if person.heard_at is None or now - person.heard_at >= timedelta(seconds=window.seconds):
        yield Reason.WINDOW_CLOSED, None
    elif window.sends_max is not None and person.sends_since_heard >= window.sends_max:
        yield Reason.WINDOW_SPENT, None


def _is_due(person: Standing, leash: Leash, now: datetime) -> bool:
    if leash.due_after_days is None or person.silent_since is None:
        return False
    return now - person.silent_since >= timedelta(days=leash.due_after_days)
