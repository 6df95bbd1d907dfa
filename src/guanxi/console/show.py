"""Every page's last step: the file that was asked for, or the template with what all pages need."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from guanxi.console.access import Asked
from guanxi.console.exports import as_file, stated
from guanxi.console.tables import Table
from guanxi.lake.freshness import freshness
from guanxi.records.actor import Permission, require


def show(request: Asked, template: str, page_name: str, **context: Any) -> HttpResponse:
    """The page; or, where a file is wished for and allowed, the rows of its `table`.

    Args:
        request: who asks, and for what.
        template: the page's template.
        page_name: the entry of the navigation that is current, and the file's name.
        context: what the template shows; `table` is the list that can be exported.
    """
    table = context.get("table")
    if isinstance(table, Table) and table.wish.export:
        require(request.actor, Permission.EXPORT)
        return as_file(table, page_name, stated(context.get("as_of"), context.get("figures", ())))
    return render(request, template, {"page_name": page_name, "actor": request.actor, **context})


def this_moment() -> datetime:
    """The clock's present, for deeds; rooms never read a clock."""
    return datetime.now(UTC)


def last_round() -> datetime:
    """The moment up to which the last round knew, at which pages look; the clock's before the first round."""
    known = [found.as_of for found in freshness() if found.as_of is not None]
    return max(known) if known else this_moment()
