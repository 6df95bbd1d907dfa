"""Content: what did people pass on, and where? Product and other content side by side, platform by platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.access import Asked, page
from guanxi.console.choices import Choice, choice
from guanxi.console.columns import Column
from guanxi.console.figures import Coverage, Figure
from guanxi.console.influence import mixes
from guanxi.console.influence import trials as inviting
from guanxi.console.show import last_round, show
from guanxi.console.tables import sort_key, table, whole_table
from guanxi.console.wish import Wish, wish_of
from guanxi.lake.sight import lake_for
from guanxi.measurement.queries_sharing import sharing_results
from guanxi.records.actor import Permission
from guanxi.social.mix import DAYS
from guanxi.social.queries import contents

PASSED_ON = ("shared", "reshared")
GROUPS: Mapping[str, tuple[Promise, tuple[str, ...]]] = {
    "read": (gettext_lazy("read"), ("viewed", "clicked")),
    "liked": (gettext_lazy("liked"), ("liked",)),
    "talked": (gettext_lazy("talked about"), ("commented", "replied", "mentioned")),
    "passed": (gettext_lazy("passed on"), PASSED_ON),
    "opened": (gettext_lazy("opened through a share"), ("opened",)),
}
PROMOTES: Mapping[str, Promise] = {
    "True": gettext_lazy("product"),
    "False": gettext_lazy("other"),
    "None": gettext_lazy("not known"),
}
COLUMNS = (
    Column(
        "title",
        gettext_lazy("Content"),
        href=lambda row: reverse("content_page", args=[row.content]),
        of=lambda row: row.title or _("content %(n)s") % {"n": row.content},
        sortable=False,
    ),
    Column("platform", gettext_lazy("Published on"), "platform", sortable=False),
    Column("topic", gettext_lazy("Topic"), sortable=False, of=lambda row: row.topic or _("not known")),
    Column(
        "kind", gettext_lazy("Kind"), sortable=False, optional=True, of=lambda row: row.kind or _("not known")
    ),
    Column(
        "promotes_product",
        gettext_lazy("About"),
        "chips",
        of=lambda row: [words.word(PROMOTES, str(row.promotes_product))],
        sortable=False,
    ),
    Column("reads", gettext_lazy("Reads"), "number", "social"),
    Column("shares", gettext_lazy("Passed on"), "number", "social", narrow=True),
    Column("openings", gettext_lazy("Opened through a share"), "number", "social", narrow=True),
    Column("moved", gettext_lazy("Moved"), "number", "social", gettext_lazy("people"), narrow=True),
    Column("engagements", gettext_lazy("All engagements"), "number", "social"),
    Column("published_day", gettext_lazy("Published"), "day"),
)
PLATFORM_ROWS = (
    Column("platform", gettext_lazy("Platform"), "platform"),
    Column("reads", gettext_lazy("Reads"), "number", "social", narrow=True),
    Column("likes", gettext_lazy("Likes"), "number", "social"),
    Column("talks", gettext_lazy("Talked about"), "number", "social"),
    Column("shares", gettext_lazy("Passed on"), "number", "social", narrow=True),
    Column("openings", gettext_lazy("Opened through a share"), "number", "social"),
    Column("moved", gettext_lazy("Moved"), "number", "social", gettext_lazy("people"), narrow=True),
    Column("n", gettext_lazy("All engagements"), "number", "social"),
)
ABOUT: Mapping[str, Promise] = {
    "product": gettext_lazy("about a product"),
    "other": gettext_lazy("about other things"),
    "unknown": gettext_lazy("not known what about"),
}
RECENT = {"recent": gettext_lazy("published in the last 90 days")}


@dataclass(frozen=True, slots=True)
class Strand:
    """One bar of a small multiple: product and other content of one group of activities."""

    label: str
    product: int
    other: int
    unknown: int
    product_width: int
    other_width: int
    unknown_width: int

    @property
    def other_start(self) -> int:
        """Where the second part begins."""
        return self.product_width

    @property
    def unknown_start(self) -> int:
        """Where the third part begins."""
        return self.product_width + self.other_width

    @property
    def whole(self) -> int:
        """All of them."""
        return self.product + self.other + self.unknown


@dataclass(frozen=True, slots=True)
class Multiple:
    """One platform's picture; bars share their scale with all platforms' bars of the same group."""

    platform: str
    name: str
    total: int
    strands: tuple[Strand, ...]


@page(Permission.SEE_SOCIAL)
def content_list(request: Asked) -> HttpResponseBase:
    """The mix by platform, and every content, most passed on first."""
    wish, actor, moment = wish_of(request, sort="shares"), request.actor, last_round()
    sort = ("-" if wish.descending else "") + sort_key(COLUMNS, wish, "shares")
    with lake_for(actor) as engine:
        topics = contents.topics(actor, engine)
        did = contents.platform_mix(actor, engine)
        published = contents.published_mix(actor, engine, moment.date())
        chosen = _chosen(wish, topics, moment.date())
        found = contents.contents(actor, engine, chosen, sort, wish.offset, wish.limit)
    return show(
        request,
        "console/influence/contents.html",
        "content",
        as_of=moment,
        any=bool(did) or bool(found.total),
        figures=[*_figures(did), mixes.topics_known(topics)],
        multiples=_multiples(did),
        mix=mixes.picture(published),
        suggestions=[mixes.in_words(mix) for mix in published],
        rule=mixes.rule(),
        choices=_choices(wish, topics),
        table=table(request, COLUMNS, wish, found.rows, found.total),
    )


def _choices(wish: Wish, topics: Mapping[str, int]) -> list[Choice]:
    return [
        choice(wish, "platform", _("Any platform"), words.PLATFORMS),
        choice(wish, "topic", _("Any topic"), _topics(topics)),
        choice(wish, "about", _("About anything"), ABOUT),
        choice(wish, "published", _("Published at any time"), RECENT),
    ]


def _topics(topics: Mapping[str, int]) -> dict[str, str]:
    named = ((topic, _("not known") if topic == contents.UNKNOWN_TOPIC else topic) for topic in topics)
    return {topic: f"{name} ({written.number(topics[topic])})" for topic, name in named}


def _chosen(wish: Wish, topics: Mapping[str, int], today: date) -> contents.ContentFilter:
    return contents.ContentFilter(
        platform=wish.chosen("platform", words.PLATFORMS),
        topic=wish.chosen("topic", topics),
        promotes=wish.chosen("about", ABOUT),
        since=today - timedelta(days=DAYS) if wish.chosen("published", RECENT) else date.min,
    )


@page(Permission.SEE_SOCIAL)
def content_page(request: Asked, pk: int) -> HttpResponseBase:
    """What was done with one content, platform by platform."""
    wish = wish_of(request, sort="n")
    title = contents.content_title(request.actor, pk)
    with lake_for(request.actor) as engine:
        rows = contents.content_platforms(request.actor, engine, pk)
        tried = sharing_results(request.actor, engine, pk)
    opened = sum(row.openings for row in rows)
    moved, named = sum(row.moved for row in rows), sum(row.named for row in rows)
    whole = sum(row.n for row in rows)
    return show(
        request,
        "console/influence/content.html",
        "content",
        as_of=last_round(),
        pk=pk,
        title=title or _("content %(n)s") % {"n": pk},
        figures=[
            Figure(_("All engagements"), written.number(sum(row.n for row in rows)), "#sheet", side="social"),
            Figure(_("Reads"), written.number(sum(row.reads for row in rows)), "#sheet", side="social"),
            Figure(_("Passed on"), written.number(sum(row.shares for row in rows)), "#sheet", side="social"),
            Figure(_("Opened through a share"), written.number(opened), "#sheet", side="social"),
            Figure(
                _("Moved"),
                written.number(moved),
                reverse("cascade", args=[pk]),
                unit=_("people"),
                side="social",
                note=_("once for each kind of activity"),
                coverage=Coverage(named, whole or None, _("engagements"), floor=0.0),
            ),
        ],
        trials=inviting.shown(tried),
        seek=_("A platform"),
        table=whole_table(request, PLATFORM_ROWS, wish, rows),
    )


def _figures(mix: Sequence[contents.MixRow]) -> list[Figure]:
    known = sum(row.n for row in mix if row.promotes_product is not None)
    whole = sum(row.n for row in mix)

    def share(kinds: tuple[str, ...], promotes: bool) -> str:
        of = sum(row.n for row in mix if row.kind in kinds and row.promotes_product is not None)
        part = sum(row.n for row in mix if row.kind in kinds and row.promotes_product is promotes)
        return written.share(part / of) if of else written.ABSENT

    seen = Coverage(known, whole or None, _("engagements with content that is known"), floor=0.0)
    passed = sum(row.n for row in mix if row.kind in PASSED_ON)
    opened = sum(row.n for row in mix if row.kind == "opened")
    return [
        Figure(_("Passed on"), written.number(passed), "?sort=-shares#sheet", side="social"),
        Figure(_("Opened through a share"), written.number(opened), "?sort=-openings#sheet", side="social"),
        Figure(
            _("Other content, of what is passed on"),
            share(PASSED_ON, promotes=False),
            "#mix",
            side="social",
            note=_("of what is read: %(share)s") % {"share": share(("viewed", "clicked"), promotes=False)},
            coverage=seen,
        ),
    ]


def _multiples(mix: Sequence[contents.MixRow]) -> list[Multiple]:
    counts: dict[tuple[str, str, str], int] = {}
    for row in mix:
        group = next((name for name, (_label, kinds) in GROUPS.items() if row.kind in kinds), None)
        if group is not None:
            place = (row.platform, group, str(row.promotes_product))
            counts[place] = counts.get(place, 0) + row.n
    platforms = {platform for platform, _group, _promotes in counts}
    totals = {p: sum(n for (platform, _g, _m), n in counts.items() if platform == p) for p in platforms}
    return [
        Multiple(
            platform,
            words.word(words.PLATFORMS, platform),
            totals[platform],
            tuple(_strand(counts, platform, group) for group in GROUPS),
        )
        for platform in sorted(platforms, key=lambda one: -totals[one])
    ]


def _strand(counts: Mapping[tuple[str, str, str], int], platform: str, group: str) -> Strand:
    """Widths are shares of the platform's own greatest group, so that shapes can be told apart."""
    most = max(sum(counts.get((platform, one, key), 0) for key in PROMOTES) for one in GROUPS)
    parts = [counts.get((platform, group, key), 0) for key in PROMOTES]
    widths = [round(part * 100 / most) if most else 0 for part in parts]
    return Strand(str(GROUPS[group][0]), *parts, *widths)
