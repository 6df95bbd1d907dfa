"""One table of a mapping file: every key is asked for by name, and what nobody asked for is refused.

Knows its own place in the file, so that a refusal names the exact field.
"""

from __future__ import annotations

from typing import Any

from guanxi.vocabulary.reasons import Refused


class Section:
    """A table of the mapping that knows its own name and refuses what nobody asked for."""

    def __init__(self, name: str, table: object) -> None:
        if not isinstance(table, dict):
            raise Refused("mapping_field_wrong", name)
        self.name = name
        self._left: dict[str, Any] = dict(table)

    def path(self, key: str) -> str:
        """The full name of ``key``, as a user would look for it."""
        return f"{self.name}.{key}" if self.name else key

    def wrong(self, key: str) -> Refused:
        """The refusal that names ``key`` as of the wrong type or value."""
        return Refused("mapping_field_wrong", self.path(key))

    def holds(self, key: str) -> bool:
        """``key`` is there and still to be read."""
        return key in self._left

    def names(self) -> list[str]:
        """What is still to be read."""
        return list(self._left)

    def rest(self) -> dict[str, Any]:
        """All that is still to be read, now read."""
        left, self._left = self._left, {}
        return left

    def take(self, key: str) -> Any:
        """The value of ``key``; refused where it is missing."""
        if key not in self._left:
            raise Refused("mapping_field_missing", self.path(key))
        return self._left.pop(key)

    def text(self, key: str, default: str | None = None) -> str:
        """The text under ``key``, never empty unless a default allows it."""
        value = default if default is not None and key not in self._left else self.take(key)
        if not isinstance(value, str) or (not value and default is None):
            raise self.wrong(key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or several under ``key``; none where it is missing."""
        value = self._left.pop(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.wrong(key)
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        """The yes or no under ``key``."""
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key)
        return value

    def close(self) -> None:
        """Nothing is left that nobody asked for."""
        if self._left:
            raise Refused("mapping_field_unknown", self.path(next(iter(self._left))))
