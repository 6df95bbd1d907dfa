"""What waits for somebody: alarms first, then decisions; each with its reason and one deed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.composition.consumers import consumers
from guanxi.console import written
from guanxi.console.show import this_moment
from guanxi.console.trust.alarms import account_alarms
from guanxi.correlation import queries as correlation
from guanxi.influence import queries as influence
from guanxi.lake.engine import Engine
from guanxi.listen import queries as listen
from guanxi.outreach.queries import campaigns
from guanxi.outreach.queries.inbox import waiting_by_band
from guanxi.records import queries as records
from guanxi.records.actor import Actor, Permission

TONES = {"stop": 0, "wait": 1, "go": 2}
LAG_MAX = 100_000
_PRESSING = ("igniter", "amplifier")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: how pressing, what, why, and where it is done."""

    tone: str
    text: str
    why: str
    href: str
    deed: str


def waiting_for(actor: Actor, engine: Engine) -> list[Waiting]:
    """Whatever waits for somebody with these roles, alarms first."""
    asked = (found for needs, look in _LOOKS if actor.may(needs) for found in look(actor, engine))
    return sorted(asked, key=lambda item: TONES[item.tone])


def _broken(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    for row in records.checks(actor):
        if not row.holds:
            yield Waiting("stop", _("A promise is broken"), row.detail, reverse("health"), _("Look"))


def _silent(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    for one in account_alarms(actor, this_moment()):
        yield Waiting("stop", one.text, one.why, one.href or reverse("health"), _("Look"))


def _behind(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    lag = sum(row.waiting for row in listen.backlogs(actor, consumers()))
    if lag > LAG_MAX:
        text = _("%(n)s activities wait to be read") % {"n": written.number(lag)}
        yield Waiting(
            "stop", text, _("numbers on every page are behind by these"), reverse("health"), _("Look")
        )


def _unreadable(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    count = listen.quarantined(actor)
    if count:
        text = ngettext("%(n)s row could not be read", "%(n)s rows could not be read", count)
        shown = text % {"n": written.number(count)}
        why = _("they lie in quarantine with place and reason")
        yield Waiting("wait", shown, why, reverse("quarantine"), _("Look"))


def _promised(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    found = [one for one in waiting_by_band(actor, engine, this_moment()) if one.late]
    why = _("who can still be answered, the soonest promise first")
    if found and not actor.may(Permission.SEE_INFLUENCE):
        text = _late("", sum(one.late for one in found))
        yield Waiting("wait", text, why, reverse("inbox"), _("Answer"))
        return
    for one in found:
        tone = "stop" if one.band in _PRESSING else "wait"
        href = f"{reverse('inbox')}?band={one.band}"
        yield Waiting(tone, _late(one.band, one.late), why, href, _("Answer"))


def _late(band: str, count: int) -> str:
    texts = {
        "": ngettext("%(n)s fan waits longer than promised", "%(n)s fans wait longer than promised", count),
        "igniter": ngettext(
            "%(n)s igniter waits longer than promised", "%(n)s igniters wait longer than promised", count
        ),
        "amplifier": ngettext(
            "%(n)s amplifier waits longer than promised", "%(n)s amplifiers wait longer than promised", count
        ),
        "participant": ngettext(
            "%(n)s participant waits longer than promised",
            "%(n)s participants wait longer than promised",
            count,
        ),
        "listener": ngettext(
            "%(n)s listener waits longer than promised", "%(n)s listeners wait longer than promised", count
        ),
    }
    return texts[band] % {"n": written.number(count)}


def _undecided(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    count = correlation.standings(actor)["open"]
    if count:
        text = ngettext("%(n)s link to decide", "%(n)s links to decide", count) % {"n": written.number(count)}
        why = _("the evidence makes them likely, but not sure")
        yield Waiting("wait", text, why, f"{reverse('links')}?standing=open", _("Decide"))


def _planned(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    for row in campaigns.campaigns(actor):
        if row.state != "planned":
            continue
        why = _("%(sends)s to send, %(holds)s held, %(drops)s not sent on purpose") % {
            "sends": written.number(row.sends),
            "holds": written.number(row.holds),
            "drops": written.number(row.drops),
        }
        text = _("“%(name)s” waits to be sent") % {"name": row.name}
        yield Waiting("wait", text, why, reverse("campaign", args=[row.id]), _("Review"))


def _shortlisted(actor: Actor, engine: Engine) -> Iterator[Waiting]:
    count = influence.ambassador_count(actor, "shortlisted")
    if count:
        text = ngettext("%(n)s ambassador to invite", "%(n)s ambassadors to invite", count)
        why = _("together they move more people than any others would")
        yield Waiting("go", text % {"n": written.number(count)}, why, reverse("ambassadors"), _("Choose"))


_LOOKS: tuple[tuple[Permission, Callable[[Actor, Engine], Iterator[Waiting]]], ...] = (
    (Permission.SEE_TRUST, _broken),
    (Permission.SEE_TRUST, _silent),
    (Permission.SEE_TRUST, _behind),
    (Permission.SEE_TRUST, _unreadable),
    (Permission.ANSWER, _promised),
    (Permission.DECIDE_LINKS, _undecided),
    (Permission.CHANGE_CAMPAIGNS, _planned),
    (Permission.DECIDE_AMBASSADORS, _shortlisted),
)
