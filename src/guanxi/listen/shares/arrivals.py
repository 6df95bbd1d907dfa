"""A group of pages that say hello: who came through whose mark, what they drew, and the views that begin.

Speaks within the open transaction of a `Sheet`; whatever it must know is asked in one turn to the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.listen.shares import views
from guanxi.listen.shares.book import Sheet, Tally
from guanxi.listen.shares.memory import Coming, Memory
from guanxi.listen.shares.openings import judge_all
from guanxi.listen.shares.tokens import Token, ask_many, read_asked
from guanxi.listen.shares.trials import Draws, Lot
from guanxi.listen.shares.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page's script says that somebody sees it.

    Attributes:
        view: the number that the script drew for this view.
        screened: why it was not made for a person who looks, if so.
        is_handed: a redirect of ours sent them within the last minutes.
        lot: what they draw, where the content has a trial and they are somebody.
    """

    coming: Coming
    view: bytes
    screened: Verdict | None
    is_handed: bool
    lot: Lot | None


def arrive(sheet: Sheet, arrivals: Sequence[Arrival]) -> list[bool]:
    """The views are written, with what the viewers drew; says of each whether they are invited to share."""
    _note_screened(sheet, [one for one in arrivals if one.screened])
    people = [one for one in arrivals if not one.screened]
    comings = [one.coming for one in people]
    memory = Memory(sheet.connection, comings)
    draws = Draws(sheet.connection, [one.lot for one in people if one.lot])
    memory.read()
    draws.read()
    through = judge_all(sheet, memory, comings)
    for one, token in zip(people, through, strict=True):
        _note(sheet, one, token)
    views.begin(sheet.connection, [_view(one, t) for one, t in zip(people, through, strict=True)])
    return [not one.screened and not one.coming.is_snapshot and draws.invites(one.lot) for one in arrivals]


def _note(sheet: Sheet, one: Arrival, token: Token | None) -> None:
    steps = [Verdict.ARRIVED] + [Verdict.CONFIRMED] * (token is not None and one.is_handed)
    for step in steps:
        sheet.tallies[_tally(one, token, step)] += 1


def _note_screened(sheet: Sheet, screened: Sequence[Arrival]) -> None:
    marks = {one.coming.mark for one in screened if one.coming.mark is not None}
    made = read_asked(ask_many(sheet.connection, marks)) if marks else {}
    for one in screened:
        token = made.get(one.coming.mark) if one.coming.mark is not None else None
        if one.screened:
            sheet.tallies[_tally(one, token, one.screened)] += 1


def _tally(one: Arrival, token: Token | None, verdict: Verdict) -> Tally:
    page = one.coming.page
    mark = token.mark if token and token.page == page else None
    return Tally(page, mark, one.coming.at.date(), verdict)


def _view(one: Arrival, token: Token | None) -> views.View:
    coming = one.coming
    return views.View(one.view, coming.page, coming.viewer, token.campaign if token else None, coming.at)
