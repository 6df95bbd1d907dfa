"""Why each ambassador was chosen, as sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.console import written
from guanxi.console.influence.communities import community_title
from guanxi.console.reasons import sentence
from guanxi.influence.choosing.queries import WhyChosen
from guanxi.influence.choosing.why import Marked, Reason

WHYS: Mapping[str, Promise] = {
    "only_they_reach": _("nobody else here reaches %(only)s of the %(alone)s people expected"),
    "shared_reach": _("others here reach %(shared)s of the %(alone)s people expected"),
    "moves_strangers": _("%(strangers)s of %(direct)s people moved are not customers yet"),
    "moves_customers": _("only %(strangers)s of %(direct)s people moved are not customers yet"),
    "opens_community": _("the only one here from the community %(community)s (%(size)s fans)"),
    "opens_city": _("%(people)s of %(known)s people moved live in %(value)s (others here: %(usual)s)"),
    "moves_on_topic": _("%(people)s of %(known)s people were moved on %(value)s (others here: %(usual)s)"),
    "moves_many": _("moved %(direct)s people directly (typical here: %(middle)s)"),
    "moves_through_others": _("moved %(second)s people through others, %(direct)s directly"),
    "taken_up": _("moved somebody on %(counted)s of %(opportunities)s occasions (typical here: %(rate)s)"),
    "thin_evidence": _("seen to move somebody only %(successes)s times"),
    "firm": _("chosen in %(firm)s of %(worlds)s re-runs"),
    "not_firm": _("chosen in only %(firm)s of %(worlds)s re-runs"),
}
MONEY: Mapping[str, Promise] = {
    "only_they_reach": _("nobody else here brings %(own)s of what is expected"),
    "shared_reach": _("others here bring %(others)s of what is expected too"),
}

_COUNTS = ("strangers", "direct", "second", "successes", "counted", "opportunities", "size")


def said(why: WhyChosen, called: Mapping[int, str]) -> tuple[str, ...]:
    """Every reason as a sentence; ``called`` are the names of communities."""
    return tuple(_said(reason, why, called) for reason in why.reasons)


def _said(reason: Reason, why: WhyChosen, called: Mapping[int, str]) -> str:
    text = WHYS.get(reason.code) if why.people else MONEY.get(reason.code, WHYS.get(reason.code))
    if text is None:
        return sentence(reason.code)
    return str(text) % _numbers(reason, why.worlds, called)


def _numbers(reason: Reason, worlds: int, called: Mapping[int, str]) -> dict[str, str]:
    """Every number that a sentence may name."""
    one = reason.of
    own = one.only / one.alone if one.alone else 0.0
    return {
        "alone": written.number(one.alone, 1),
        "only": written.number(one.only, 1),
        "shared": written.number(one.alone - one.only, 1),
        "own": written.share(own),
        "others": written.share(1 - own),
        "community": "" if one.community is None else community_title(one.community, called),
        "middle": written.number(reason.usual),
        "rate": written.share(reason.usual),
        "firm": written.number(round((one.firm or 0.0) * worlds)),
        "worlds": written.number(worlds),
        **{name: written.number(getattr(one, name)) for name in _COUNTS},
        **_marked({"opens_city": one.city, "moves_on_topic": one.topic}.get(reason.code)),
    }


def _marked(mark: Marked | None) -> dict[str, str]:
    if mark is None:
        return {}
    people, known = written.number(mark.people), written.number(mark.known)
    return {"value": mark.value, "people": people, "known": known, "usual": written.share(mark.usual)}
