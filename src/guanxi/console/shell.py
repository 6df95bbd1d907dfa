"""What the navigation offers to whom: sections, pages and the permission that each page asks for.

Knows no row of any room; a page not listed here can still be reached by its address if its view allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.records.actor import Actor, Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the navigation."""

    name: str
    label: Promise
    needs: Permission
    key: str


@dataclass(frozen=True, slots=True)
class Section:
    """Pages that belong together; a section of one page is that page."""

    label: Promise
    entries: tuple[Entry, ...]


SECTIONS: tuple[Section, ...] = (
    Section(_("Today"), (Entry("today", _("Today"), Permission.SEE_SOCIAL, "t"),)),
    Section(
        _("People"),
        (
            Entry("fans", _("Fans"), Permission.SEE_SOCIAL, "f"),
            Entry("customers", _("Customers"), Permission.SEE_CUSTOMERS, "c"),
            Entry("links", _("Links"), Permission.SEE_LINKS, "l"),
            Entry("groups", _("Groups"), Permission.SEE_SOCIAL, "o"),
        ),
    ),
    Section(
        _("Influence"),
        (
            Entry("ambassadors", _("Ambassadors"), Permission.SEE_INFLUENCE, "a"),
            Entry("weights", _("Weights"), Permission.SEE_INFLUENCE, "u"),
            Entry("content", _("Content"), Permission.SEE_SOCIAL, "n"),
            Entry("shares", _("Share links"), Permission.SEE_SOCIAL, "b"),
            Entry("circles", _("Circles"), Permission.SEE_INFLUENCE, "i"),
            Entry("map", _("Map"), Permission.SEE_INFLUENCE, "m"),
        ),
    ),
    Section(
        _("Act"),
        (
            Entry("segments", _("Segments"), Permission.SEE_SEGMENTS, "s"),
            Entry("campaigns", _("Campaigns"), Permission.SEE_CAMPAIGNS, "p"),
            Entry("inbox", _("Inbox"), Permission.SEE_SOCIAL, "v"),
            Entry("replies", _("Replies"), Permission.SEE_CAMPAIGNS, "w"),
            Entry("scenes", _("QR pictures"), Permission.SEE_CAMPAIGNS, "q"),
            Entry("calendar", _("Calendar"), Permission.SEE_CAMPAIGNS, "d"),
        ),
    ),
    Section(_("Loyalty"), (Entry("loyalty", _("Loyalty"), Permission.SEE_LOYALTY, "y"),)),
    Section(_("Results"), (Entry("results", _("Results"), Permission.SEE_RESULTS, "r"),)),
    Section(
        _("Trust"),
        (
            Entry("leash", _("Leash"), Permission.SEE_TRUST, "e"),
            Entry("health", _("Health"), Permission.SEE_TRUST, "h"),
            Entry("tracking", _("Tracking"), Permission.SEE_TRUST, "k"),
            Entry("settings", _("Settings"), Permission.CHANGE_SETTINGS, "g"),
        ),
    ),
)


def offered(actor: Actor) -> Iterator[Section]:
    """The sections with the pages that this actor may open; empty sections are left out."""
    for section in SECTIONS:
        entries = tuple(entry for entry in section.entries if actor.may(entry.needs))
        if entries:
            yield Section(section.label, entries)


def section_of(name: str) -> Section | None:
    """The section to which the page with this name belongs."""
    return next((s for s in SECTIONS if any(entry.name == name for entry in s.entries)), None)
