"""What a campaign changed, as intervals on a common scale through zero; never a bare point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.console import written
from guanxi.console.figures import Coverage
from guanxi.console.reasons import sentence
from guanxi.measurement.incremental import Effect, Incremental
from guanxi.measurement.intervals import Estimate
from guanxi.measurement.queries import CampaignResults


@dataclass(frozen=True, slots=True)
class Whisker:
    """One effect drawn: ends, middle and zero in per cent of the width; or why it can't be said."""

    label: str
    text: str = ""
    ends: str = ""
    low: str = "0%"
    middle: str = "0%"
    high: str = "0%"
    zero: str = "0%"
    is_sure: bool = False
    wrong: str = ""
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One campaign's effects."""

    name: str
    href: str
    arms: str
    state: str
    whiskers: tuple[Whisker, ...]

    @property
    def is_sure(self) -> bool:
        """Whether at least one effect leaves zero out."""
        return any(one.is_sure for one in self.whiskers)


def effects_of(name: str, found: CampaignResults) -> Shown:
    """The campaign's effects in words and places."""
    effect = found.effect

    def write(value: float) -> str:
        return _money(value, found.currency)

    return Shown(
        name,
        reverse("campaign", args=[found.campaign]),
        _arms(effect),
        _state(found),
        (
            whisker(_("Responded, beyond the holdout"), effect.response_rate, points, _("people")),
            whisker(_("People who would not have"), effect.responders, _people, _("people")),
            whisker(
                _("Money a person, less returns"), effect.money_per_person, write, _("people's purchases")
            ),
            whisker(_("Money in all, less returns and costs"), effect.money, write, _("people's purchases")),
        ),
    )


def _arms(effect: Incremental) -> str:
    return _("%(treated)s planned for, %(held)s held out") % {
        "treated": written.number(effect.treated.people),
        "held": written.number(effect.held_out.people),
    }


def _state(found: CampaignResults) -> str:
    if found.until is None:
        return _("not measured yet")
    if found.is_complete:
        return _("complete: %(n)s days after everybody's first word") % {"n": found.window_days}
    return _("on its way, up to %(when)s") % {"when": written.moment(found.until)}


def whisker(label: str, effect: Effect, write: Callable[[float], str], seen: str) -> Whisker:
    """One effect in words and places; ``seen`` names what its coverage is a share of."""
    coverage = None
    if effect.coverage is not None:
        coverage = Coverage(round(effect.coverage * 1000), 1000, seen, floor=0.0)
    if effect.estimate is None:
        return Whisker(label, wrong=sentence(effect.code), coverage=coverage)
    found = effect.estimate
    places = _places(found)
    return Whisker(
        label,
        write(found.value),
        _("%(low)s to %(high)s") % {"low": write(found.low), "high": write(found.high)},
        *places,
        is_sure=found.excludes_zero,
        coverage=coverage,
    )


def _places(found: Estimate) -> tuple[str, str, str, str]:
    """Where low, middle, high and zero stand, with a little room at both ends."""
    least, most = min(found.low, 0.0), max(found.high, 0.0)
    room = (most - least) * 0.06 or 1.0
    start, width = least - room, most - least + 2 * room

    def place(value: float) -> str:
        return f"{(value - start) / width * 100:.1f}%"

    return place(found.low), place(found.value), place(found.high), place(0.0)


def points(value: float) -> str:
    """A difference of shares, in points with its sign."""
    return _("%(n)s points") % {"n": written.signed(value * 100, 1)}


def _people(value: float) -> str:
    return written.signed(round(value))


def _money(value: float, currency: str) -> str:
    text = written.money(round(value), currency, whole=abs(value) >= 10_000)
    return f"+{text}" if value > 0 else text
