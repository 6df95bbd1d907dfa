"""What asking people to share truly adds: one trial in words, beside what ties credit; never more than it carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.console import written
from guanxi.console.effects import Whisker, points, whisker
from guanxi.console.reasons import sentence
from guanxi.measurement.queries_sharing import TrialResult, latest_told
from guanxi.measurement.sharing import TrialArm, share_rate_of


@dataclass(frozen=True, slots=True)
class ArmShown:
    """One arm's row: who drew it and what they brought."""

    label: str
    viewers: int
    sharers: str
    each: str
    passed_on: str
    engaged: str


@dataclass(frozen=True, slots=True)
class TrialShown:
    """A trial as its block shows it; an alarm where the lot did not deal these arms."""

    name: str
    state: str
    verdict: str
    alarm: str
    arms: tuple[ArmShown, ...]
    whiskers: tuple[Whisker, ...]


def shown(results: Sequence[TrialResult]) -> list[TrialShown]:
    """The trials in words, the latest first."""
    return [_trial(one) for one in results]


@dataclass(frozen=True, slots=True)
class TrialLine:
    """The latest trial that says something, in one sentence, and the content it was made with."""

    content: int
    verdict: str


def line(results: Sequence[TrialResult]) -> TrialLine | None:
    """What the latest trial says that can say anything."""
    found = latest_told(results)
    return TrialLine(found.content, verdict(found)) if found else None


def _trial(one: TrialResult) -> TrialShown:
    added = one.added
    return TrialShown(
        _("%(percent)s invited by lot, since %(day)s")
        % {"percent": written.share(one.percent / 100), "day": written.day(one.first_drawn.date())},
        _state(one),
        verdict(one),
        "" if added.is_balanced else _alarm(one),
        (_arm(_("invited to share"), one.invited), _arm(_("left alone"), one.quiet)),
        (
            whisker(_("People brought a viewer, by the invitation"), added.people, _each, _("viewers")),
            whisker(_("Viewers through whom somebody came"), added.share_rate, points, _("viewers")),
        ),
    )


def verdict(one: TrialResult) -> str:
    """One sentence of what may be claimed."""
    found, more = one.added.people.estimate, _more(one.added.viewers_more)
    if not one.added.is_balanced:
        return ""
    if found is None:
        return _after(_("Can't say yet: %(why)s.") % {"why": sentence(one.added.people.code)}, more)
    ends = {
        "value": written.number(abs(found.value), 2),
        "low": _each(found.low),
        "high": _each(found.high),
        "credited": written.number(one.added.credited, 2),
        "part": written.share(one.added.of_credited),
    }
    if one.added.is_sure and found.value > 0:
        return (
            _(
                "Being invited brought %(value)s people a viewer who would not have come (%(low)s to %(high)s)."
                " Ties credit an invited viewer with %(credited)s: %(part)s of it is the invitation's doing."
            )
            % ends
        )
    if one.added.is_sure:
        return (
            _("Whoever was invited brought fewer, by %(value)s people a viewer (%(low)s to %(high)s).") % ends
        )
    told = _("Nothing sure: between %(low)s and %(high)s people a viewer.") % ends
    return _after(told, more or _("Enough have come to show a change by half, and none shows."))


def _after(told: str, more: str) -> str:
    """Two sentences; only where words have spaces between them do sentences."""
    return f"{told}{'' if written.chinese() else ' '}{more}".rstrip()


def _state(one: TrialResult) -> str:
    waiting = one.invited.waiting + one.quiet.waiting
    if not waiting:
        return _("complete: %(n)s days after everybody drew") % {"n": one.window_days}
    text = ngettext(
        "%(n)s viewer's %(days)s days are not over", "%(n)s viewers' %(days)s days are not over", waiting
    )
    return text % {"n": written.number(waiting), "days": one.window_days}


def _alarm(one: TrialResult) -> str:
    return _(
        "%(invited)s invited and %(quiet)s left alone: at %(percent)s the lot hardly ever deals so unevenly."
        " Something keeps one of them from being seen; nothing is claimed until it is found."
    ) % {
        "invited": written.number(one.invited.drawn),
        "quiet": written.number(one.quiet.drawn),
        "percent": written.share(one.percent / 100),
    }


def _more(viewers: int | None) -> str:
    if viewers is None:
        return _("Nobody brought anybody yet.")
    if not viewers:
        return ""
    text = ngettext(
        "About %(n)s more viewer would show a change by half.",
        "About %(n)s more viewers would show a change by half.",
        viewers,
    )
    return text % {"n": written.number(viewers)}


def _arm(label: str, arm: TrialArm) -> ArmShown:
    rate = share_rate_of(arm)
    return ArmShown(
        label,
        arm.viewers,
        written.share(rate.estimate.value, 1) if rate.estimate else sentence(rate.code),
        written.number(arm.brought / arm.viewers, 2) if arm.viewers else written.ABSENT,
        _of(arm.passed_on, arm.brought),
        _of(arm.engaged, arm.brought),
    )


def _of(part: int, whole: int) -> str:
    return _("%(n)s of %(of)s") % {"n": written.number(part), "of": written.number(whole)}


def _each(value: float) -> str:
    return written.signed(value, 2)
