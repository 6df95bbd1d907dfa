"""How pages write addresses of the front door: by the public one, else by the one that this machine knows."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings as site

from guanxi.records.public_address import public_address


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """Where others reach the front door.

    Attributes:
        address: scheme and host; empty where nobody told us.
        is_public: somebody has set it, so that it can be given to others.
    """

    address: str
    is_public: bool

    def at(self, path: str) -> str:
        """The path as others can follow it; the host is a placeholder where nobody told us our own.

        >>> FrontDoor("", False).at("/s/x")
        'https://…/s/x'
        """
        return f"{self.address or 'https://…'}{path}"


def front_door() -> FrontDoor:
    """The front door as it is known now."""
    stated = public_address()
    return FrontDoor(stated or site.FRONT_DOOR, bool(stated))
