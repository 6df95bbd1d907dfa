"""Where a person's clock is: a stated time zone, else their city's, else the platform's own.

Knows the cities that the tz database names and those of `zones.toml`; an unknown place gives None.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

_REGIONS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})


@cache
def zones_by_place() -> dict[str, str]:
    """The zone of every known place, by its name in lower case; zones stand for themselves."""
    places: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        region, _, rest = zone.partition("/")
        if region in _REGIONS and rest:
            places.setdefault(rest.rpartition("/")[2].replace("_", " ").lower(), zone)
            places[zone.lower()] = zone
    text = files(__package__).joinpath("zones.toml").read_text(encoding="utf-8")
    for zone, cities in tomllib.loads(text)["cities"].items():
        places.update({city: ZoneInfo(zone).key for city in cities})
    return places


def zone_of(place: str | None) -> str | None:
    """The zone that a place name or zone name stands for, or None.

    >>> zone_of("Shanghai"), zone_of("西安"), zone_of("Europe/Berlin"), zone_of("Atlantis")
    ('Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin', None)
    """
    return zones_by_place().get((place or "").strip().lower())
