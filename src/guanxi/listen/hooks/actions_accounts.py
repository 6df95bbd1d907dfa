"""Changes an account that platforms push to, with what was counted of its relay."""

from __future__ import annotations

from collections.abc import Mapping

from guanxi.channels.registry import changed_settings
from guanxi.channels.settings import RELAY_TO
from guanxi.records.accounts import change_account
from guanxi.records.actor import Actor
from guanxi.records.databases import RELATIONSHIP, transaction
from guanxi.records.queries import known_settings

_SETTLED = "UPDATE relay_state SET failing_since = NULL WHERE source = %s"


def change_hooked_account(
    actor: Actor, platform: str, name: str, told: Mapping[str, str], zone: str | None = None
) -> None:
    """The settings that were told are as told, an empty one is gone, the others stay.

    Where the relay goes to another address, or to none, what failed at the one before alarms nobody any more; what was
    counted stays. Refused where the platform could not work with all of it together.
    """
    with transaction(RELATIONSHIP) as connection:
        known = known_settings(actor, platform, name)
        settings = changed_settings(platform, known, told)
        change_account(actor, platform, name, settings, zone)
        if settings.get(RELAY_TO) != known.get(RELAY_TO):
            connection.execute(_SETTLED, (f"{platform}:{name}",))
