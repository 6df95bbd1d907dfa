"""One change of a DuckLake catalog: its number, the ids it hands out and what it says it changed."""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
_LOCK = 0x6C616B65


class Snapshot:
    """A snapshot in the making; the catalog is ours until the transaction ends."""

    def __init__(
        self, connection: Connection, number: int, schema: int, catalog_id: int, file_id: int
    ) -> None:
        self._connection = connection
        self.number = number
        self._schema = schema
        self._catalog_id = catalog_id
        self._file_id = file_id

    @classmethod
    def open(cls, connection: Connection) -> Snapshot:
        """The next snapshot; other writers of this catalog wait until the transaction ends."""
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        row = connection.execute(
            "SELECT snapshot_id, schema_version, next_catalog_id, next_file_id FROM lake.ducklake_snapshot "
            "ORDER BY snapshot_id DESC LIMIT 1"
        ).fetchone()
        assert row is not None
        return cls(connection, row[0] + 1, row[1], row[2], row[3])

    def take_catalog_ids(self, count: int) -> int:
        """The first of ``count`` fresh catalog ids."""
        first, self._catalog_id = self._catalog_id, self._catalog_id + count
        return first

    def take_file_id(self) -> int:
        """A fresh file id."""
        self._file_id += 1
        return self._file_id - 1

    def commit(self, changes: list[str], new_schema_of: int | None = None) -> None:
        """The snapshot is in the catalog, with what it changed."""
        if new_schema_of is not None:
            self._schema += 1
            self._connection.execute(
                "INSERT INTO lake.ducklake_schema_versions VALUES (%s, %s, %s)",
                (self.number, self._schema, new_schema_of),
            )
        self._connection.execute(
            "INSERT INTO lake.ducklake_snapshot VALUES (%s, now(), %s, %s, %s)",
            (self.number, self._schema, self._catalog_id, self._file_id),
        )
        self._connection.execute(
            "INSERT INTO lake.ducklake_snapshot_changes VALUES (%s, %s, 'Guanxi', NULL, NULL)",
            (self.number, ",".join(changes)),
        )
