"""Opens an account so that its platform can be asked; refuses a platform without a client."""

from __future__ import annotations

from collections.abc import Mapping

from guanxi.channels.calling import Way
from guanxi.channels.directory import Directory
from guanxi.channels.registry import can_be_asked, part_of
from guanxi.vocabulary.reasons import Refused


def open_directory(platform: str, settings: Mapping[str, str], way: Way) -> Directory:
    """An account that can be asked, opened by the platform's own ``directory.open_directory(settings, way)``."""
    if not can_be_asked(platform):
        raise Refused("channel_cannot_be_asked", platform)
    directory = part_of(platform, "directory").open_directory(settings, way)
    if not isinstance(directory, Directory):
        raise Refused("channel_unfit", platform)
    return directory


def takes_tags(platform: str) -> bool:
    """Whether tags of people can be told to the platform: its ``directory.TAKES_TAGS``."""
    return can_be_asked(platform) and bool(part_of(platform, "directory").TAKES_TAGS)
