"""The leash for a crowd: the same verdicts as `leash.judge`, by columns, for a million people in seconds.

Moments are microseconds since 1970 in int64; `NEVER` stands for none known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi.channels.cap import Cap, Over, window_end
from guanxi.channels.hours import is_open, opens_at
from guanxi.channels.rule import OptIn, ReplyWindow
from guanxi.consent.purpose import Purpose
from guanxi.outreach.leash import Ask, Decision, Leash, Reason, hours_of, opening_for

Flags = NDArray[np.bool_]
Moments = NDArray[np.int64]
Counts = NDArray[np.int64]
Masks = NDArray[np.int32]

NEVER = np.iinfo(np.int64).min
NOBODY_KNOWS = np.iinfo(np.int64).max
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000

BITS = {reason: 1 << place for place, reason in enumerate(Reason)}
DECISIONS = (Decision.SEND, Decision.DUE, Decision.HOLD, Decision.DROP)
_SEND, _DUE, _HOLD, _DROP = range(4)


@dataclass(frozen=True, slots=True)
class Crowd:
    """`leash.Standing` by columns, one row a person; `zone` and `band` are places in `zones` and `bands`.

    `follows` is 1, 0 or -1 where nothing was heard.
    """

    zones: tuple[str, ...]
    zone: NDArray[np.int32]
    has_address: Flags
    withdrew: Flags
    granted: Flags
    follows: NDArray[np.int8]
    is_customer: Flags
    is_suppressed: Flags
    is_held_out: Flags
    platform_sends: Counts
    platform_blocking: Moments
    brand_sends: Counts
    brand_blocking: Moments
    bands: tuple[str, ...]
    band: NDArray[np.int32]
    band_sends: Counts
    band_blocking: Moments
    heard_at: Moments
    sends_since_heard: Counts
    silent_since: Moments


@dataclass(frozen=True, slots=True)
class Verdicts:
    """`leash.Verdict` by columns: a place in `DECISIONS`, bits of `BITS`, microseconds or `NOBODY_KNOWS`."""

    decision: NDArray[np.int8]
    reasons: Masks
    until: Moments


class _Tally:
    """Collects reasons as bits and, for delays, the latest end."""

    def __init__(self, size: int) -> None:
        self.reasons = np.zeros(size, np.int32)
        self.until = np.full(size, NEVER, np.int64)

    def add(self, reason: Reason, where: Flags, until: Any = NOBODY_KNOWS) -> None:
        """Where it applies, the reason counts, and asking again before ``until`` is of no use."""
        self.reasons |= np.where(where, BITS[reason], 0).astype(np.int32)
        self.until = np.where(where, np.maximum(self.until, until), self.until)


def micros(moment: datetime | None) -> int:
    """Microseconds since 1970, `NEVER` for None."""
    return NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def judge_all(crowd: Crowd, ask: Ask, leash: Leash, now: datetime) -> Verdicts:
    """The verdict on one message to each person of the crowd."""
    forbids = _Tally(len(crowd.zone))
    _forbid(forbids, crowd, ask)
    dropped = forbids.reasons != 0
    if not ask.is_prompted:
        forbids.add(Reason.HOLDOUT, crowd.is_held_out & ~dropped)
        dropped = forbids.reasons != 0
    delays = _Tally(len(crowd.zone))
    _delay(delays, crowd, ask, leash, now)
    held = ~dropped & (delays.reasons != 0)
    decision = np.where(_is_due(crowd, leash, now), _DUE, _SEND)
    decision = np.where(dropped, _DROP, np.where(held, _HOLD, decision)).astype(np.int8)
    reasons = np.where(dropped, forbids.reasons, np.where(held, delays.reasons, 0)).astype(np.int32)
    return Verdicts(decision, reasons, np.where(held, delays.until, NOBODY_KNOWS))


def words(mask: int) -> str:
    """The reasons of a mask in the order of judgement, joined by bars."""
    return "|".join(reason for reason, bit in BITS.items() if mask & bit)


def _forbid(tally: _Tally, crowd: Crowd, ask: Ask) -> None:
    rule = ask.rule
    tally.add(Reason.WITHDREW, crowd.withdrew)
    if rule is not None:
        _unfounded(tally, crowd, rule.opt_in)
        if ask.purpose is Purpose.SELL:
            stranger = crowd.has_address & ~crowd.is_customer & ~crowd.granted
            tally.add(Reason.NOT_A_CUSTOMER, stranger)
        if rule.opt_in is OptIn.FOLLOW:
            tally.add(Reason.UNFOLLOWED, crowd.has_address & (crowd.follows == 0))
    tally.add(Reason.SUPPRESSED, crowd.is_suppressed)
    tally.add(Reason.NO_ADDRESS, ~crowd.has_address)
    if rule is None or not rule.allowed:
        tally.add(Reason.PLATFORM_FORBIDS, np.ones(len(crowd.zone), np.bool_))


def _unfounded(tally: _Tally, crowd: Crowd, opt_in: OptIn) -> None:
    if opt_in is OptIn.REQUEST:
        tally.add(Reason.NO_REQUEST, crowd.has_address & (crowd.heard_at == NEVER))
    elif opt_in is OptIn.FOLLOW:
        tally.add(Reason.NOT_FOLLOWING, crowd.has_address & (crowd.follows < 0) & ~crowd.granted)
    elif opt_in in (OptIn.CONSENT, OptIn.TRANSACTION):
        tally.add(Reason.NO_CONSENT, crowd.has_address & ~crowd.granted)


def _delay(tally: _Tally, crowd: Crowd, ask: Ask, leash: Leash, now: datetime) -> None:
    opening = _opening(crowd, ask, leash)
    tally.add(Reason.NOT_OPEN, opening > micros(now), opening)
    rule = ask.rule
    if rule is not None and rule.window is not None:
        _outside(tally, crowd, rule.window, now)
    if rule is not None and rule.cap is not None:
        sends, blocking = crowd.platform_sends, crowd.platform_blocking
        tally.add(Reason.PLATFORM_CAP, _full(rule.cap, sends), _room_at(rule.cap, blocking, now))
    closed, opening = _quiet(crowd, ask, leash, now)
    tally.add(Reason.QUIET_HOURS, closed, opening)
    brand_room = _room_at(leash.cap, crowd.brand_blocking, now)
    tally.add(Reason.BRAND_CAP, _full(leash.cap, crowd.brand_sends), brand_room)
    for place, band in enumerate(crowd.bands):
        own = leash.bands.get(band)
        if own is not None:
            full = (crowd.band == place) & _full(own, crowd.band_sends)
            tally.add(Reason.BAND_CAP, full, _room_at(own, crowd.band_blocking, now))


def _opening(crowd: Crowd, ask: Ask, leash: Leash) -> Moments:
    """From when on each person may hear, by their band."""
    return np.array([micros(opening_for(band, ask, leash)) for band in crowd.bands], np.int64)[crowd.band]


def _outside(tally: _Tally, crowd: Crowd, window: ReplyWindow, now: datetime) -> None:
    closing = np.where(crowd.heard_at == NEVER, NEVER, crowd.heard_at + window.seconds * 1_000_000)
    closed = closing <= micros(now)
    tally.add(Reason.WINDOW_CLOSED, closed)
    if window.sends_max is not None:
        tally.add(Reason.WINDOW_SPENT, ~closed & (crowd.sends_since_heard >= window.sends_max))


def _full(cap: Cap, sends: Counts) -> Flags:
    if cap.sends_max is None:
        return np.zeros(len(sends), np.bool_)
    full: Flags = sends >= cap.sends_max
    return full


def _room_at(cap: Cap, blocking: Moments, now: datetime) -> Moments:
    if not cap.sends_max:
        return np.full(len(blocking), NOBODY_KNOWS, np.int64)
    if cap.over is Over.ROLLING:
        leaving = np.where(blocking == NEVER, micros(now), blocking) + cap.days * _DAY
        return leaving.astype(np.int64)
    return np.full(len(blocking), micros(window_end(cap, now)), np.int64)


def _quiet(crowd: Crowd, ask: Ask, leash: Leash, now: datetime) -> tuple[Flags, Moments]:
    """Whether it is quiet where each person lives, and until when; decided once per zone."""
    hours = hours_of(ask, leash)
    closed = [any(not is_open(one, now, zone) for one in hours) for zone in crowd.zones]
    opening = [
        max((micros(opens_at(one, now, zone)) for one in hours), default=NEVER) for zone in crowd.zones
    ]
    return np.array(closed, np.bool_)[crowd.zone], np.array(opening, np.int64)[crowd.zone]


def _is_due(crowd: Crowd, leash: Leash, now: datetime) -> Flags:
    if leash.due_after_days is None:
        return np.zeros(len(crowd.zone), np.bool_)
    oldest = micros(now) - leash.due_after_days * _DAY
    due: Flags = (crowd.silent_since != NEVER) & (crowd.silent_since <= oldest)
    return due
