from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sharing import BRAND, SPRING, Somebody, at_the_door, edges

from guanxi.listen.shares.actions import make_share_link
from guanxi.listen.shares.actions_trials import begin_trial, end_trial
from guanxi.listen.shares.people import Handed, Keys, hand_over
from guanxi.listen.shares.trials import WINDOW, Draws, Lot, Trial, is_invited, trial_key
from guanxi.records.actor import SYSTEM, Actor, Role
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused

NOW = datetime.now(UTC)


@pytest.fixture
def root(house: Installation) -> str:
    return make_share_link(SYSTEM, BRAND, "spring", SPRING, NOW, "launch")


@pytest.fixture
def page(root: str) -> int:
    (number,) = raw(SOCIAL).execute("SELECT page FROM shared_page").fetchone() or (0,)
    return int(number)


def arms() -> dict[str, bool]:
    return dict(raw(SOCIAL).execute("SELECT viewer, invited FROM share_arm").fetchall())


@pytest.mark.parametrize("percent", [5, 50, 80])
def test_the_lot_is_balanced_and_falls_anew_for_another_trial_and_another_house(percent: int) -> None:
    viewers = [f"viewer {n}" for n in range(20_000)]
    key = trial_key(b"pepper")
    first = [is_invited(key, Trial(1, percent), viewer) for viewer in viewers]
    assert abs(sum(first) / 20_000 - percent / 100) < 0.015
    assert first == [is_invited(key, Trial(1, percent), viewer) for viewer in viewers]
    for other in (
        [is_invited(key, Trial(2, percent), viewer) for viewer in viewers],
        [is_invited(trial_key(b"salt"), Trial(1, percent), viewer) for viewer in viewers],
    ):
        both = sum(a and b for a, b in zip(first, other, strict=True)) / 20_000
        assert abs(both - (percent / 100) ** 2) < 0.015


def test_what_a_viewer_draws_is_written_once_with_the_first_view_and_told_to_the_page(page: int) -> None:
    begin_trial(SYSTEM, page, 50, NOW)

    async def coming(client: httpx.AsyncClient) -> list[tuple[str, bool]]:
        names = [f"fan{n}" for n in range(40)] * 2
        return [(name, await _invited(Somebody(client, name))) for name in names]

    told = at_the_door(coming)
    assert dict(told) == arms()
    assert Counter(told) == Counter({pair: 2 for pair in arms().items()})
    assert 5 < sum(arms().values()) < 35


async def _invited(somebody: Somebody, **words: str) -> bool:
    answer = await somebody.say("view", page=SPRING, view=f"{id(somebody):032x}", **words)
    return bool(answer.json()["invite"])


def test_without_a_trial_everybody_is_invited_and_nothing_is_written(page: int) -> None:
    assert at_the_door(lambda client: _invited(Somebody(client, "ann")))
    assert arms() == {}


def test_whoever_is_not_invited_has_links_and_whom_they_bring_counts_alike(root: str, page: int) -> None:
    begin_trial(SYSTEM, page, 50, NOW)

    async def passing_on(client: httpx.AsyncClient) -> None:
        for n in range(20):
            sharer = Somebody(client, f"sharer{n}")
            await sharer.open(root)
            await Somebody(client, f"reader{n}").open(await sharer.child())

    at_the_door(passing_on)
    drawn, brought = arms(), {through for _, through in edges() if through}
    assert brought == {f"sharer{n}" for n in range(20)}
    assert {drawn[name] for name in brought} == {True, False}
    assert len(drawn) == 40


def test_robots_and_invented_viewers_draw_nothing_and_are_not_invited(page: int) -> None:
    begin_trial(SYSTEM, page, 95, NOW)

    async def unseen(client: httpx.AsyncClient) -> list[bool]:
        robot = Somebody(client, agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
        keys, now = Keys.of(Installation.current().secrets.pepper), datetime.now(UTC)
        handed = hand_over(keys, Handed("~invented", None, True), now, bytes(12))
        return [await _invited(robot), await _invited(Somebody(client), handed=handed)]

    assert at_the_door(unseen) == [False, False]
    assert arms() == {}


def test_after_the_end_whoever_drew_keeps_it_until_their_window_is_over(page: int) -> None:
    key = trial_key(b"k")
    quiet = next(str(n) for n in range(99) if not is_invited(key, Trial(1, 50), str(n)))
    begin_trial(SYSTEM, page, 50, NOW)
    (number,) = raw(SOCIAL).execute("SELECT trial FROM share_trial").fetchone() or (0,)
    assert number == 1
    ended = Trial(1, 50, NOW + timedelta(days=1))
    lots = [
        Lot(trial, viewer, is_invited(key, trial, viewer), NOW + timedelta(days=days))
        for trial, viewer, days in (
            (Trial(1, 50), quiet, 0),
            (ended, quiet, 2),
            (ended, quiet, WINDOW.days + 1),
            (ended, "a newcomer", 2),
        )
    ]
    with transaction(SOCIAL) as connection:
        draws = Draws(connection, lots)
        draws.read()
    assert [draws.invites(lot) for lot in lots] == [False, False, True, True]
    assert arms() == {quiet: False}


def test_one_trial_at_a_time_and_the_next_after_the_last_windows(page: int) -> None:
    def refused(deed: Callable[[], None]) -> str:
        with pytest.raises(Refused) as found:
            deed()
        return found.value.code

    begin_trial(SYSTEM, page, 50, NOW)
    assert refused(lambda: begin_trial(SYSTEM, page, 20, NOW)) == "trial_runs_already"
    end_trial(SYSTEM, page, NOW)
    assert refused(lambda: end_trial(SYSTEM, page, NOW)) == "no_trial_runs"
    assert refused(lambda: begin_trial(SYSTEM, page, 20, NOW + timedelta(days=3))) == "trial_still_counts"
    assert refused(lambda: begin_trial(SYSTEM, page, 99, NOW)) == "trial_percent_out_of_range"
    assert refused(lambda: begin_trial(SYSTEM, page + 1, 50, NOW)) == "no_such_page"
    care = Actor(1, "care", frozenset({Role.CARE}))
    assert refused(lambda: begin_trial(care, page, 50, NOW)) == "not_permitted"
    begin_trial(SYSTEM, page, 20, NOW + WINDOW)
    told = raw(SOCIAL).execute("SELECT verb FROM audit_entry ORDER BY id").fetchall()
    verbs = [verb for (verb,) in told if verb.startswith("share_trial")]
    assert verbs == ["share_trial_begun", "share_trial_ended", "share_trial_begun"]


def test_a_page_without_the_script_has_no_trial(house: Installation) -> None:
    make_share_link(SYSTEM, BRAND, "item", "https://shop.example/item", NOW, has_script=False)
    (number,) = raw(SOCIAL).execute("SELECT page FROM shared_page").fetchone() or (0,)
    with pytest.raises(Refused, match="trial_needs_script"):
        begin_trial(SYSTEM, int(number), 50, NOW)
