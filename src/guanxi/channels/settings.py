"""What an account of a platform is told: which settings there are and whether those given fit.

Pure. Knows the settings that every account that hears has; refuses a setting nobody declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guanxi.channels.addresses import split_address
from guanxi.channels.hook import Setting
from guanxi.vocabulary.reasons import Refused

VALUE_MAX = 4096
RELAY_TO, RELAY_PRIVATE = "relay_to", "relay_private"
HEARING = (
    Setting(
        RELAY_TO,
        "Pass on to",
        "Address to which each request is passed on as it came, and whose answer is returned in time.",
        required=False,
    ),
    Setting(
        RELAY_PRIVATE,
        "That address may be private",
        "Whether that address may lie in a private network.",
        required=False,
        choices={"no": "no", "yes": "yes"},
        default="no",
    ),
)


def fitted(settings: Iterable[Setting], given: Mapping[str, str]) -> dict[str, str]:
    """The given settings, trimmed; refused where one is unknown, missing, too long or no choice."""
    declared = {setting.name: setting for setting in settings}
    for name in given:
        if name not in declared:
            raise Refused("setting_unknown", name)
    told = {name: given.get(name, "").strip() for name in declared}
    return {name: _fitted(setting, told) for name, setting in declared.items()}


def _fitted(setting: Setting, told: Mapping[str, str]) -> str:
    value = told[setting.name]
    if setting.is_needed(told) and not (value or setting.default):
        raise Refused("setting_missing", setting.name)
    if len(value) > VALUE_MAX or not value.isprintable():
        raise Refused("setting_unfit", setting.name)
    if value and setting.choices and value not in setting.choices:
        raise Refused("setting_unfit", setting.name)
    if value and setting.name == RELAY_TO:
        split_address(value)
    return value
