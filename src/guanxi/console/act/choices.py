"""What the builder offers: the conditions a reader may ask about, and the inputs that fit each of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.console import words
from guanxi.console.act.sentences import FIELDS, OPS, SCORES
from guanxi.question.fields import BANDS, CUSTOMER_KINDS, SOCIAL_KINDS
from guanxi.records.actor import Actor, Permission

Text = str | Promise
Choice = tuple[str, Text]
_NUMBERS = ("ge", "le", "eq", "ne", "gt", "lt", "known", "unknown")
_WORDS = ("eq", "ne", "known", "unknown")
_COUNTS = ("ge", "le", "eq", "ne", "gt", "lt")
_KINDS_FIRST = ("shared", "viewed", "clicked", "liked", "commented", "opened")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of one sort of condition; empty choices leave an input out.

    Attributes:
        ops: comparisons.
        kinds: activities to count.
        platforms: where they were done.
        values: choices of a field that has some.
        typed: whether a value is typed.
        fact: whether the fact is named.
        number: whether a count is typed.
        days: whether a window in days is typed; ``months`` and ``since`` likewise.
        purposes: how sure a link must be.
    """

    ops: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()
    platforms: tuple[Choice, ...] = ()
    values: tuple[Choice, ...] = ()
    typed: bool = False
    fact: bool = False
    number: bool = False
    days: bool = False
    months: bool = False
    since: bool = False
    purposes: tuple[Choice, ...] = ()


def whats(actor: Actor) -> list[tuple[Text, list[Choice]]]:
    """What a condition may be about, in groups; what the reader may not see is not offered."""
    fan: list[Choice] = [("fact:", _("profile fact")), *_fields("platform", "tag", "group")]
    if actor.may(Permission.SEE_INFLUENCE):
        fan += _fields("band", "community", "early_access")
    fan += [("followed:", _("followed since")), ("unfollowed:", _("no longer follows"))]
    groups: list[tuple[Text, list[Choice]]] = [
        (_("Fan"), fan),
        (_("Activity"), [("count:social", _("times done")), *((f"score:{n}", w) for n, w in SCORES.items())]),
    ]
    if actor.may(Permission.SEE_CUSTOMERS):
        bought = [
            ("count:customers", _("orders and returns")),
            ("fact:customer", _("customer's profile fact")),
        ]
        groups.append((_("Customer"), [*_fields("r", "f", "m"), *bought]))
    if actor.may(Permission.SEE_LINKS):
        groups.append((_("Both"), [("linked:", _("linked")), *_loyalty(actor)]))
    return groups


def inputs_for(what: str) -> Inputs:
    """The inputs that fit; those of a profile fact where nothing is known of the wish."""
    sort, _colon, name = what.partition(":")
    if sort == "field":
        return _of_field(name)
    if sort == "count":
        return _of_count(name)
    return {
        "score": Inputs(ops=_ops(_COUNTS), number=True, months=True),
        "linked": Inputs(purposes=(("contact", _("for messages")), ("reward", _("for rewards")))),
        "followed": Inputs(since=True),
        "unfollowed": Inputs(),
    }.get(sort, Inputs(ops=_ops((*_WORDS, "ge", "le")), typed=True, fact=True))


def _of_field(name: str) -> Inputs:
    choices = {
        "platform": tuple(words.PLATFORMS.items()),
        "band": tuple((band, words.BANDS[band]) for band in BANDS),
    }
    if name in choices:
        return Inputs(ops=_ops(_WORDS), values=choices[name])
    return Inputs(ops=_ops(_WORDS if name in ("tier", "tag", "group") else _NUMBERS), typed=True)


def _of_count(name: str) -> Inputs:
    if name == "customers":
        return Inputs(kinds=_kinds(sorted(CUSTOMER_KINDS)), ops=_ops(_COUNTS), number=True, days=True)
    rest = sorted(set(SOCIAL_KINDS) - set(_KINDS_FIRST))
    return Inputs(
        kinds=_kinds([*_KINDS_FIRST, *rest]),
        platforms=tuple(words.PLATFORMS.items()),
        ops=_ops(_COUNTS),
        number=True,
        days=True,
    )


def _kinds(kinds: list[str]) -> tuple[Choice, ...]:
    return tuple((str(kind), words.word(words.KINDS, kind)) for kind in kinds)


def _ops(names: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple((name, OPS[name]) for name in names)


def _fields(*names: str) -> list[Choice]:
    return [(f"field:{name}", FIELDS[name]) for name in names]


def _loyalty(actor: Actor) -> list[Choice]:
    return _fields("love", "spend", "tier") if actor.may(Permission.SEE_LOYALTY) else []
