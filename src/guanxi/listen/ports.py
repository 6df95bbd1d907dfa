"""The port into which rooms above plug what they do with activities, and where such activities wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import psycopg
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Queue:
    """Where parcels wait: the inbox of a database of people, or what its digest published.

    Attributes:
        alias: the database.
        table: ``inbox`` for what the doors accepted, ``published`` for what a digest passes on.
        topic: of ``published``, what the parcels are about.
    """

    alias: str
    table: Literal["inbox", "published"] = "inbox"
    topic: str = ""


class Consumer(Protocol):
    """What happens to activities, exactly once each."""

    @property
    def name(self) -> str:
        """Unique, and never changed: the cursor is kept under it."""

    @property
    def queue(self) -> Queue:
        """What it reads."""

    @property
    def target(self) -> str:
        """The one database that its effects and its cursor are in."""

    def apply(self, connection: psycopg.Connection[Any], rows: pa.Table) -> None:
        """The effects of the rows are in the open transaction on ``target``.

        Rows come in the order of their commits; a transaction that fails is repeated whole.
        """
