"""What a choice counted, in the unit that readers know: people, or whole units of the money that customers spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.queries.cards import currencies
from guanxi.influence.queries import RunRow
from guanxi.influence.whatif import Reach
from guanxi.lake.engine import Engine
from guanxi.records.actor import Actor, Permission
from guanxi.vocabulary.money import minor_digits

_SPREADS = {"certainty": ("low", "high"), "worst": ("spread", "plain", "low")}


def currency_of(actor: Actor, engine: Engine) -> str:
    """The currency of most orders; empty for whoever may not see customers."""
    sold = currencies(actor, engine) if actor.may(Permission.SEE_CUSTOMERS) else ()
    return sold[0].currency if sold else ""


def in_units(run: RunRow | None, currency: str) -> RunRow | None:
    """The choice with every number of money in whole units; one that counted people as it is."""
    if run is None or not run.in_money:
        return run
    of = 10 ** minor_digits(currency)
    found = {**run.found, "currency": currency, "unseen": run.found.get("unseen", 0.0) / of}
    for name, spreads in _SPREADS.items():
        if run.found.get(name):
            found[name] = _divided(run.found[name], spreads, of)
    found["passed"] = [_divided(one, ("alone", "further"), of) for one in run.found.get("passed", ())]
    seeds = tuple((fan, adds / of) for fan, adds in run.seeds)
    return replace(
        run, spread=run.spread / of, low=run.low / of, high=run.high / of, seeds=seeds, found=found
    )


def in_unit(amount: float | None, currency: str | None) -> float | None:
    """An amount in whole units of the currency; without one it counts people, and stays as it is."""
    return amount if amount is None or currency is None else amount / 10 ** minor_digits(currency)


def unit_of(run: RunRow | None) -> str:
    """What the choice counted, as the unit of its numbers."""
    return money_unit(run.found.get("currency", "")) if run is not None and run.in_money else _("people")


def money_unit(currency: str) -> str:
    """What customers spent, as a unit."""
    return _("%(currency)s spent so far") % {"currency": currency}


def minor_of(run: RunRow | None) -> int:
    """How many of what is counted make one of the unit."""
    return 10 ** minor_digits(run.found.get("currency", "")) if run is not None and run.in_money else 1


def reached_in_units(reach: Reach | None, run: RunRow | None) -> Reach | None:
    """What people would reach, in the unit of the choice."""
    if reach is None:
        return None
    of = minor_of(run)
    adds = tuple(one / of for one in reach.adds)
    return replace(reach, spread=reach.spread / of, low=reach.low / of, high=reach.high / of, adds=adds)


def _divided(numbers: Mapping[str, Any], names: tuple[str, ...], of: int) -> dict[str, Any]:
    return {**numbers, **{name: numbers[name] / of for name in names if name in numbers}}
