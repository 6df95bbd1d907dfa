"""What a bench says it cost is what it cost."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCH = """
import time

SCALES = (1,)


def run(scale, folder, tell):
    for _ in range(2):
        tell.begin("waits")
        time.sleep(0.15)
        tell.end()
    tell.begin("fills")
    kept = bytearray(scale * 1024 * 1024)
    kept[::4096] = b"x" * len(kept[::4096])
    time.sleep(0.4)
    tell.end()
    return {"bytes": len(kept)}
"""


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.syspath_prepend(str(ROOT))
    import bench.harness

    yield bench.harness
    sys.modules.pop("bench.harness", None)


def test_a_step_is_told_with_its_seconds_and_its_memory(harness, tmp_path: Path) -> None:
    (tmp_path / "filling.py").write_text(BENCH)
    run = harness.measure("filling", 200, home=tmp_path)
    waits, fills = run.steps
    assert (waits.name, fills.name) == ("waits", "fills")
    assert 0.3 <= waits.seconds < 2
    assert fills.peak_mb >= waits.peak_mb + 150
    assert run.counts == {"bytes": 200 * 1024 * 1024}
    assert run.seconds >= waits.seconds + fills.seconds


def test_a_bench_that_fails_is_told_as_failed(harness, tmp_path: Path) -> None:
    (tmp_path / "failing.py").write_text("def run(scale, folder, tell):\n    raise ValueError(scale)\n")
    with pytest.raises(SystemExit, match="bench failing failed at scale 3"):
        harness.measure("failing", 3, home=tmp_path)


def test_an_unknown_bench_is_refused_with_those_there_are(harness) -> None:
    with pytest.raises(SystemExit, match="no bench nothing"):
        harness.main("nothing")


def test_the_machine_is_named_with_the_figures(harness) -> None:
    told = harness.figures("filling", [harness.Run(5)], harness.machine())
    assert {"processor", "cores", "memory_gb", "python"} <= told["machine"].keys()
    assert told["runs"][0]["scale"] == 5


def test_a_bench_that_can_measures_the_installation_that_exists(harness, tmp_path: Path) -> None:
    (tmp_path / "looking.py").write_text(
        "def looked_at(installation, tell):\n    return {'page': {'ms': len(installation.name)}, 'pages': 1}\n"
    )
    run = harness.measure("looking", 0, home=tmp_path, existing=tmp_path / "brand")
    assert run.counts == {"page": {"ms": 5}, "pages": 1}
    steps, rows = harness.drawn("looking", [run], {})
    assert (steps.title, rows.row_count, [column.header for column in rows.columns]) == (
        "looking",
        1,
        ["", "ms"],
    )


def test_a_bench_that_makes_its_own_installation_refuses_another(harness, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="bench ties makes its own installation"):
        harness.main("ties", existing=tmp_path)
