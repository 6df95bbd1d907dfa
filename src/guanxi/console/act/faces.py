"""What members of either side are called on a page, for whoever may see it."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.queries.asking import names_of as customer_names
from guanxi.records.actor import Actor
from guanxi.social.queries.asking import names_of as fan_names
from guanxi.vocabulary.ids import Side, split

_TURNING = dict.fromkeys(
    [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)  # Unicode's bidi marks


def named(actor: Actor, codes: Iterable[int]) -> dict[int, str]:
    """A name for each identity; a number for whoever may not see names, or where none is known."""
    split_codes = {code: split(code) for code in codes}
    fans = fan_names(actor, [ref for side, ref in split_codes.values() if side is Side.SOCIAL])
    customers = customer_names(actor, [ref for side, ref in split_codes.values() if side is Side.CUSTOMERS])
    return {
        code: visible_name(fans.get(ref), fan_number(ref))
        if side is Side.SOCIAL
        else visible_name(customers.get(ref), customer_number(ref))
        for code, (side, ref) in split_codes.items()
    }


def visible_name(name: str | None, otherwise: str) -> str:
    """The name, or other words where there is none or nobody could see it: some names are blank on purpose.

    Marks that turn the direction of writing are left out: they would turn the sentence around the name as well.
    """
    shown = name.translate(_TURNING) if name else ""
    return shown if any(sign.isprintable() and not sign.isspace() for sign in shown) else otherwise


def fan_number(ref: int) -> str:
    """A fan without a name."""
    return _("fan %(n)s") % {"n": ref}


def customer_number(ref: int) -> str:
    """A customer without a name."""
    return _("customer %(n)s") % {"n": ref}


def page_of(side: Side, ref: int) -> str:
    """The address of a fan's or a customer's card."""
    return reverse("fan" if side is Side.SOCIAL else "customer", args=[ref])
