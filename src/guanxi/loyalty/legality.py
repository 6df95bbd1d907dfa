"""Whether a rule pays for what a platform forbids; asked when it is saved and again when it books."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from guanxi.channels.rule import Verdict
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

Rewardable = Callable[[str, str], Verdict]

PURCHASE_PLATFORM = Platform.SHOP.value


def forbidding_rules(rewardable: Rewardable, kinds: Iterable[str], platform: str | None) -> tuple[str, ...]:
    """The platform rules that forbid it; a rule for every platform must be allowed on every one."""
    places = [platform] if platform is not None else [each.value for each in Platform]
    verdicts = ((place, kind, rewardable(place, kind)) for place in places for kind in sorted(kinds))
    return tuple(
        dict.fromkeys(
            verdict.rule_id or f"{place}.{kind}" for place, kind, verdict in verdicts if not verdict.allowed
        )
    )


def require_legal(rewardable: Rewardable, kinds: Iterable[str], platform: str | None) -> None:
    """Nothing forbids it; otherwise refused, naming the platform's rule."""
    forbidding = forbidding_rules(rewardable, kinds, platform)
    if forbidding:
        raise Refused("reward_forbidden", ", ".join(forbidding))
