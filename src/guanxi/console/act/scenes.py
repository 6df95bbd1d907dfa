"""QR pictures: what each means, who came by it, and a form that has the platform make another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.composition.pictures import ambassadors_of, ambassadors_on, make_picture
from guanxi.console.access import Asked, page
from guanxi.console.act.faces import fan_number, visible_name
from guanxi.console.columns import Column
from guanxi.console.reasons import sentence
from guanxi.console.show import last_round, show, this_moment
from guanxi.console.tables import whole_table
from guanxi.console.wish import wish_of
from guanxi.console.words import word
from guanxi.lake.sight import lake_for
from guanxi.listen.scenes.actions import (
    SceneDraft,
    SceneRow,
    accounts_with_pictures,
    rename_scene,
    scenes,
)
from guanxi.listen.scenes.rules import Meaning
from guanxi.records.actor import Actor, Permission
from guanxi.social.queries.asking import names_of
from guanxi.social.queries.scenes import SceneCount, scene_counts
from guanxi.vocabulary.reasons import Refused

MEANINGS: Mapping[str, Promise] = {
    "content": gettext_lazy("content"),
    "store": gettext_lazy("store"),
    "campaign": gettext_lazy("campaign"),
    "ambassador": gettext_lazy("ambassador"),
}
COLUMNS = (
    Column("name", gettext_lazy("Picture"), href=lambda row: reverse("scene", args=[row.id])),
    Column("meaning", gettext_lazy("Leads to"), of=lambda row: word(MEANINGS, row.meaning), narrow=True),
    Column(
        "target",
        gettext_lazy("Which one"),
        narrow=True,
        href=lambda row: reverse("fan", args=[row.fan]) if row.fan else "",
    ),
    Column("account", gettext_lazy("Account")),
    Column("scans", gettext_lazy("Scans"), "number", narrow=True),
    Column("fans", gettext_lazy("Fans who scanned"), "number"),
    Column("followed", gettext_lazy("Followed through it"), "number", narrow=True),
    Column("last_at", gettext_lazy("Last scan"), "moment"),
    Column("expires_at", gettext_lazy("Ends"), "moment"),
    Column("code", gettext_lazy("Code"), optional=True),
    Column("made_at", gettext_lazy("Made"), "moment", optional=True),
    Column("made_by", gettext_lazy("By"), optional=True),
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A picture and what came of it; nobody has scanned it where the numbers are 0.

    Attributes:
        target: what it leads to; an ambassador by name or number.
        fan: the ambassador, where somebody has heard of them.
    """

    id: int
    name: str
    meaning: str
    target: str
    fan: int | None
    account: str
    code: str
    image: str
    expires_at: datetime | None
    made_at: datetime
    made_by: str
    scans: int
    fans: int
    followed: int
    last_at: datetime | None


@page(Permission.SEE_CAMPAIGNS)
def scene_list(request: Asked) -> HttpResponseBase:
    """Every picture with its scans, the latest first; the address may say for what the form asks."""
    asked = {name: request.GET[name] for name in ("account", "meaning") if name in request.GET}
    return _listed(request, {"days": "30", **asked})


@page(Permission.SEE_CAMPAIGNS)
def scene(request: Asked, pk: int) -> HttpResponseBase:
    """One picture: where its image is, and what it means for whoever scans it."""
    found = next((row for row in _rows(request) if row.id == pk), None)
    if found is None:
        raise Refused("no_such_scene", str(pk))
    meaning = word(MEANINGS, found.meaning)
    return show(request, "console/act/scene.html", "scenes", as_of=last_round(), row=found, meaning=meaning)


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def make(request: Asked) -> HttpResponseBase:
    """The platform has made the picture."""
    typed = request.POST.dict()
    try:
        made = make_picture(request.actor, _draft(typed), this_moment())
    except Refused as refusal:
        if refusal.code == "not_permitted":
            raise
        messages.error(request, sentence(refusal.code, refusal.detail))
        return _listed(request, typed, status=400)
    messages.success(request, _("The picture is made; from now on its scans are told apart."))
    return HttpResponseRedirect(reverse("scene", args=[made]))


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def rename(request: Asked, pk: int) -> HttpResponseBase:
    """The picture is called as the form says."""
    rename_scene(request.actor, pk, request.POST.get("name", ""))
    return HttpResponseRedirect(reverse("scene", args=[pk]))


def _listed(request: Asked, typed: Mapping[str, str], status: int = 200) -> HttpResponseBase:
    rows, accounts = _rows(request), accounts_with_pictures(request.actor)
    asks = accounts and typed.get("meaning") == Meaning.AMBASSADOR
    answer = show(
        request,
        "console/act/scenes.html",
        "scenes",
        as_of=last_round(),
        any=bool(rows),
        typed=typed,
        accounts=accounts,
        asks_whom=bool(asks),
        ambassadors=_offered(request.actor, _chosen(typed, accounts)) if asks else [],
        meanings=list(MEANINGS.items()),
        seek=_("Find a picture"),
        table=whole_table(request, COLUMNS, wish_of(request), rows),
    )
    if status != 200:
        answer.status_code = status
    return answer


def _rows(request: Asked) -> list[Scanned]:
    with lake_for(request.actor) as engine:
        counts = scene_counts(request.actor, engine)
    made = scenes(request.actor)
    fans = ambassadors_of(request.actor, made)
    names = dict(_named(request.actor, set(fans.values())))
    return [
        _scanned(row, counts.get((row.platform, row.account, row.code)), fans.get(row.id), names)
        for row in made
    ]


def _named(actor: Actor, fans: Collection[int]) -> list[tuple[int, str]]:
    names = names_of(actor, fans)
    return [(fan, visible_name(names.get(fan), fan_number(fan))) for fan in fans]


def _chosen(typed: Mapping[str, str], accounts: Sequence[str]) -> str:
    """The account that the form has chosen: the first one until somebody chooses another."""
    return typed["account"] if typed.get("account") in accounts else accounts[0]


def _offered(actor: Actor, account: str) -> list[tuple[str, str]]:
    """The account's ambassadors to pick from, for whoever may know them."""
    if not actor.may(Permission.SEE_INFLUENCE):
        return []
    return [(str(fan), name) for fan, name in _named(actor, ambassadors_on(actor, account))]


def _scanned(row: SceneRow, count: SceneCount | None, fan: int | None, names: Mapping[int, str]) -> Scanned:
    target = names[fan] if fan else row.target
    return Scanned(
        *(row.id, row.name, row.meaning, target, fan, row.account, row.code, row.image),
        *(row.expires_at, row.made_at, row.made_by),
        *((count.scans, count.fans, count.followed, count.last_at) if count else (0, 0, 0, None)),
    )


def _draft(typed: Mapping[str, str]) -> SceneDraft:
    days = typed.get("days", "")
    if days and not (days.isdecimal() and len(days) < 4):
        raise Refused("number_unreadable", days[:20])
    return SceneDraft(
        typed.get("account", ""),
        typed.get("name", ""),
        typed.get("meaning", ""),
        typed.get("fan", "").strip() or typed.get("target", ""),
        int(days) if days else None,
    )
