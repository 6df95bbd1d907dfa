"""One condition of a question as a sentence in the reader's language: one message for each sort of condition.

A language orders the parts of a sentence as it likes, so nothing is put together from pieces here but lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from guanxi.console import words
from guanxi.question.describe import Chip, Span
from guanxi.question.nodes import Value
from guanxi.vocabulary.ids import Side

FIELDS: Mapping[str, Promise] = {
    "platform": gettext_lazy("platform"),
    "band": gettext_lazy("band"),
    "community": gettext_lazy("community"),
    "early_access": gettext_lazy("hours of early access"),
    "tag": gettext_lazy("tag"),
    "group": gettext_lazy("group (number)"),
    "r": gettext_lazy("recency (R)"),
    "f": gettext_lazy("frequency (F)"),
    "m": gettext_lazy("money (M)"),
    "love": gettext_lazy("love points"),
    "spend": gettext_lazy("spend points"),
    "tier": gettext_lazy("tier"),
}
SCORES: Mapping[str, Promise] = {
    "daily": gettext_lazy("daily activity"),
    "campaign": gettext_lazy("campaign activity"),
}
OPS: Mapping[str, Promise | str] = {
    "eq": pgettext_lazy("comparison", "is"),
    "ne": pgettext_lazy("comparison", "is not"),
    "in": pgettext_lazy("comparison", "is one of"),
    "lt": "<",
    "le": "≤",
    "gt": ">",
    "ge": "≥",
    "known": pgettext_lazy("comparison", "is known"),
    "unknown": pgettext_lazy("comparison", "is unknown"),
}
_COMPARED: Mapping[str, Promise] = {
    "eq": gettext_lazy("%(what)s is %(value)s"),
    "ne": gettext_lazy("%(what)s is not %(value)s"),
    "in": gettext_lazy("%(what)s is one of %(value)s"),
    "lt": gettext_lazy("%(what)s is below %(value)s"),
    "le": gettext_lazy("%(what)s is at most %(value)s"),
    "gt": gettext_lazy("%(what)s is above %(value)s"),
    "ge": gettext_lazy("%(what)s is at least %(value)s"),
    "known": gettext_lazy("%(what)s is known"),
    "unknown": gettext_lazy("%(what)s is unknown"),
}
_OFTEN: Mapping[str, Promise] = {
    "eq": ngettext_lazy("exactly %(n)s time", "exactly %(n)s times", "n"),
    "ne": ngettext_lazy("any number of times but %(n)s", "any number of times but %(n)s", "n"),
    "lt": ngettext_lazy("less than %(n)s time", "less than %(n)s times", "n"),
    "le": ngettext_lazy("at most %(n)s time", "at most %(n)s times", "n"),
    "gt": ngettext_lazy("more than %(n)s time", "more than %(n)s times", "n"),
    "ge": ngettext_lazy("at least %(n)s time", "at least %(n)s times", "n"),
}
_SCORED: Mapping[str, Promise] = {
    "eq": gettext_lazy("%(score)s of exactly %(n)s points %(when)s"),
    "ne": gettext_lazy("%(score)s of other than %(n)s points %(when)s"),
    "lt": gettext_lazy("%(score)s below %(n)s points %(when)s"),
    "le": gettext_lazy("%(score)s of at most %(n)s points %(when)s"),
    "gt": gettext_lazy("%(score)s above %(n)s points %(when)s"),
    "ge": gettext_lazy("%(score)s of at least %(n)s points %(when)s"),
}
_DID = gettext_lazy("%(did)s %(often)s %(when)s")
_DID_ON = gettext_lazy("%(did)s on %(platform)s %(often)s %(when)s")
_DID_ABOUT = gettext_lazy("%(did)s about “%(topic)s” %(often)s %(when)s")
_DID_ABOUT_ON = gettext_lazy("%(did)s about “%(topic)s” on %(platform)s %(often)s %(when)s")


def said(chip: Chip) -> str:
    """The condition as a reader says it."""
    sentences = {
        "fact": _fact,
        "field": _field,
        "count": _count,
        "score": _score,
        "linked": _linked,
        "followed": _followed,
    }
    return sentences[chip.code](chip) if chip.code in sentences else _("no longer follows")


def _fact(chip: Chip) -> str:
    values = [words.word(words.FACTS, value) if isinstance(value, str) else value for value in chip.values]
    name = words.word(words.FACTS, chip.name)
    if chip.side is Side.CUSTOMERS:
        name = _("customer's %(fact)s") % {"fact": name}
    return _compared(name, chip.op, values)


def _field(chip: Chip) -> str:
    named = {"platform": words.PLATFORMS, "band": words.BANDS}.get(chip.name, {})
    values = [words.word(named, value) if isinstance(value, str) else value for value in chip.values]
    return _compared(words.word(FIELDS, chip.name), chip.op, values)


def _compared(name: str, op: str, values: Iterable[Value]) -> str:
    return str(_COMPARED[op]) % {"what": name, "value": _(", ").join(str(value) for value in values)}


def _count(chip: Chip) -> str:
    sentence = {
        (False, False): _DID,
        (False, True): _DID_ON,
        (True, False): _DID_ABOUT,
        (True, True): _DID_ABOUT_ON,
    }[bool(chip.topic), bool(chip.platform)]
    return str(sentence) % {
        "did": _(" or ").join(words.word(words.KINDS, kind) for kind in chip.kinds),
        "topic": chip.topic,
        "platform": words.word(words.PLATFORMS, chip.platform),
        "often": _OFTEN[chip.op] % {"n": int(chip.values[0])},
        "when": span(chip.span),
    }


def _score(chip: Chip) -> str:
    values = {"score": words.word(SCORES, chip.name), "n": chip.values[0], "when": span(chip.span)}
    return str(_SCORED[chip.op]) % values


def _linked(chip: Chip) -> str:
    if chip.name == "reward":
        return _("linked, surely enough for rewards")
    return _("linked, surely enough for messages")


def _followed(chip: Chip) -> str:
    return _("began to follow %(when)s") % {"when": span(chip.span)}


def span(found: Span | None) -> str:
    """A window of time as a reader says it within a sentence."""
    if found is None:
        return _("at any time")
    if found.code == "last":
        if found.months:
            return _("within %(n)s months") % {"n": found.months}
        return _("within %(n)s days") % {"n": found.days}
    if not found.first:
        return _("until %(day)s") % {"day": found.last}
    if not found.last:
        return _("since %(day)s") % {"day": found.first}
    return _("from %(first)s to %(last)s") % {"first": found.first, "last": found.last}
