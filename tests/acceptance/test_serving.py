from __future__ import annotations

from pathlib import Path

import pytest
from running import Serving, answers, belonging, guanxi, nobody_left, until, verified

pytestmark = pytest.mark.xdist_group("processes")


def test_the_process_tree_heals_itself_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    serving = Serving(folder)
    with nobody_left(folder):
        serving.start()
        for name in ("worker", "door", "web", "postgres"):
            serving.kill(name)
            serving.await_answers()
        until(lambda: answers(f"{serving.web}/"), "the console on the new database")
        verified(folder)
        assert serving.stop() == 0
        assert belonging(folder) == []


def test_a_killed_supervisor_leaves_no_orphan_and_serving_can_begin_again(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    serving = Serving(folder)
    with nobody_left(folder):
        serving.start()
        serving.kill_supervisor()
        until(lambda: not belonging(folder), "every orphan's end", 40)
        serving.start()
        verified(folder)
        serving.kill_supervisor()
        verified(folder)
        until(lambda: not belonging(folder), "every orphan's end", 40)


def test_a_folder_is_served_once_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    serving = Serving(folder)
    with nobody_left(folder):
        serving.start()
        with pytest.raises(AssertionError, match="serves"):
            guanxi(folder, "serve", "--port", str(Serving(folder).port))
        assert serving.stop() == 0
