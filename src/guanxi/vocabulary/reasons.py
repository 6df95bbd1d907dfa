"""Refusals: a code that doors translate, never a sentence.

Rules and actions raise `Refused`; only the console, the API and the CLI turn its code into words.
"""

from __future__ import annotations


class Refused(Exception):
    """Something was asked that a rule forbids or that cannot be read; nothing was changed.

    Attributes:
        code: what a door translates, such as ``not_permitted``.
        detail: what the code is about (a name, a value), shown beside the translation.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def is_missing(self) -> bool:
        """Whether what was asked for is not there."""
        return self.code.startswith(("no_such_", "unknown_"))
