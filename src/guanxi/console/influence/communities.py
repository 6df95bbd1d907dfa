"""Communities as pages name and list them: called by what marks them, with their size and who stayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.console import words, written
from guanxi.influence.circles import queries as circles

Faces = Mapping[int, Sequence[circles.CommunityFace]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One community of the table; what is not known or not to be seen is empty."""

    name: str
    href: str
    fans: int
    marks: tuple[tuple[str, str, float, str], ...]
    stayed: str
    customers: str


def names_by_community(faces: Faces) -> dict[int, str]:
    """What each is called by, the most telling first; where two would be called alike, with their numbers."""
    plain = {
        community: " · ".join(face.value for face in sorted(found, key=lambda face: -face.lift))
        for community, found in faces.items()
    }
    times = Counter(plain.values())
    return {
        community: name if times[name] == 1 else f"{name} ({community})" for community, name in plain.items()
    }


def community_title(community: int, called: Mapping[int, str]) -> str:
    """A community's name, or its number where nothing marks it."""
    return called.get(community) or _("community %(n)s") % {"n": community}


def told(
    found: Sequence[circles.CommunityRow],
    faces: Faces,
    labels: Mapping[str, Promise],
    customers: Mapping[int, int] | None,
    oldest: date | None,
    from_day: date,
) -> list[Shown]:
    """The communities as the page lists them.

    Args:
        found: the largest first.
        faces: what marks each.
        labels: words for what people can be alike in.
        customers: linked fans by community; None for whoever may not see customers.
        oldest: since when communities are remembered, and
        from_day: since before when people must have been in the same one to have stayed.
    """
    called, remembers = names_by_community(faces), oldest is not None and oldest < from_day
    return [
        Shown(
            community_title(one.community, called),
            f"{reverse('new_segment')}?text={quote(f'community = {one.community}')}",
            one.fans,
            tuple(
                (
                    words.word(labels, face.trait),
                    face.value,
                    face.n / face.known,
                    written.number(face.lift / 100, 1),
                )
                for face in faces.get(one.community, ())
            ),
            written.share(one.stayed / one.fans) if remembers else "",
            "" if customers is None else _customers(customers.get(one.community, 0), one.fans),
        )
        for one in found
    ]


def _customers(linked: int, fans: int) -> str:
    return f"{written.number(linked)} ({written.share(linked / fans)})"
