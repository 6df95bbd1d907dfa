"""Sends each room's tables to its own database; refuses relations across them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, SOCIAL

_HOMES = {"social": SOCIAL, "customers": CUSTOMERS}


class RoomRouter:
    """Django's database router for the three databases."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """The home of the model's room; None for tables that are in every database."""
        return _HOMES.get(model._meta.app_label, RELATIONSHIP)

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """The same as for reading."""
        return self.db_for_read(model, **hints)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Only within one database."""
        return self.db_for_read(type(one)) == self.db_for_read(type(other))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """At home, or where a migration's hint ``on`` names the databases itself."""
        if "on" in hints:
            return db in hints["on"]
        return _HOMES.get(app_label, RELATIONSHIP) == db
