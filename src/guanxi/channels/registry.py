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

import guanxi.channels
from guanxi.channels.port import Channel
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
    return platform in _packages() and importlib.util.find_spec(f"{_package(platform)}.outbound") is not None


def open_channel(platform: str, settings: Mapping[str, str]) -> Channel:
    """A channel that can send, opened by the platform's own ``outbound.open_channel(settings)``."""
    if not can_send(platform):
        raise Refused("channel_cannot_send", platform)
    outbound = importlib.import_module(f"{_package(platform)}.outbound")
    channel = outbound.open_channel(settings)
    if not isinstance(channel, Channel):
        raise Refused("channel_unfit", platform)
    return channel


def _package(platform: str) -> str:
    try:
        return _packages()[platform]
    except KeyError:
        raise Refused("platform_unknown", platform) from None
