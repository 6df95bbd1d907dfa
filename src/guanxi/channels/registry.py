"""Which platforms there are: a folder here, or a package that another distribution offers as an entry point.

A new platform is a new folder (or an entry point in the group ``guanxi.channels``) and nothing else.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import metadata, resources
from types import ModuleType

import guanxi.channels
from guanxi.channels.hook import Inbound, ReplyOn, Setting
from guanxi.channels.port import Channel
from guanxi.channels.settings import HEARING, fitted
from guanxi.vocabulary.reasons import Refused

GROUP = "guanxi.channels"


@cache
def _packages() -> dict[str, str]:
    offered = {point.name: point.value for point in metadata.entry_points(group=GROUP)}
    own = {
        found.name: f"{guanxi.channels.__name__}.{found.name}"
        for found in pkgutil.iter_modules(guanxi.channels.__path__)
        if found.ispkg
    }
    return {**offered, **own}


def platforms() -> tuple[str, ...]:
    """The names of all platforms that have a folder, sorted."""
    return tuple(sorted(_packages()))


def rules_text(platform: str) -> str:
    """What the platform's ``rules.toml`` says."""
    return resources.files(_package(platform)).joinpath("rules.toml").read_text(encoding="utf-8")


def can_send(platform: str) -> bool:
    """Whether the platform's folder has an ``outbound`` module."""
    return _has(platform, "outbound")


def can_hear(platform: str) -> bool:
    """Whether the platform's folder has an ``inbound`` module."""
    return _has(platform, "inbound")


def can_be_asked(platform: str) -> bool:
    """Whether the platform's folder has a ``directory`` module."""
    return _has(platform, "directory")


def settings_of(platform: str) -> tuple[Setting, ...]:
    """What an account of the platform is told: its own ``settings.SETTINGS``, and what all that hear share."""
    own: tuple[Setting, ...] = ()
    if _has(platform, "settings"):
        own = part_of(platform, "settings").SETTINGS
    return (*own, *HEARING) if can_hear(platform) else own


def open_channel(platform: str, settings: Mapping[str, str]) -> Channel:
    """A channel that can send, opened by the platform's own ``outbound.open_channel(settings)``."""
    if not can_send(platform):
        raise Refused("channel_cannot_send", platform)
    channel = part_of(platform, "outbound").open_channel(settings)
    if not isinstance(channel, Channel):
        raise Refused("channel_unfit", platform)
    return channel


def open_inbound(platform: str, settings: Mapping[str, str]) -> Inbound:
    """An account that can be heard, opened by the platform's own ``inbound.open_inbound(settings)``."""
    if not can_hear(platform):
        raise Refused("channel_cannot_hear", platform)
    inbound = part_of(platform, "inbound").open_inbound(settings)
    if not isinstance(inbound, Inbound):
        raise Refused("channel_unfit", platform)
    return inbound


def fitted_settings(platform: str, given: Mapping[str, str]) -> dict[str, str]:
    """The given settings as an account keeps them; refused where the platform could not work with them."""
    _package(platform)
    kept = {name: value for name, value in fitted(settings_of(platform), given).items() if value}
    if can_hear(platform):
        open_inbound(platform, kept)
    return kept


def changed_settings(platform: str, known: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What an account is told when some of its settings change: the given ones, an empty one to be gone.

    What is not given stays as it is known. Refused where the platform could not work with all of it together.
    """
    declared = {setting.name for setting in settings_of(platform)}
    stays = {name: value for name, value in known.items() if name in declared}
    wanted = fitted_settings(platform, {**stays, **given})
    return {**dict.fromkeys(set(known) - set(wanted), ""), **wanted}


def replies_on(platform: str) -> tuple[ReplyOn, ...]:
    """What the platform takes an answer to with the request itself: its ``inbound.REPLIES_ON``, or nothing."""
    if not can_hear(platform):
        return ()
    found: tuple[ReplyOn, ...] = getattr(part_of(platform, "inbound"), "REPLIES_ON", ())
    return found


def part_of(platform: str, module: str) -> ModuleType:
    """A module of the platform's folder, by its name there."""
    return importlib.import_module(f"{_package(platform)}.{module}")


def _has(platform: str, module: str) -> bool:
    return platform in _packages() and importlib.util.find_spec(f"{_package(platform)}.{module}") is not None


def _package(platform: str) -> str:
    try:
        return _packages()[platform]
    except KeyError:
        raise Refused("platform_unknown", platform) from None
