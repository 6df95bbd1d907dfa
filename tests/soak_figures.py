"""The long figures of `make soak`, wherever their tests stand, written down with their date and machine."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import pytest

RESULTS = Path(__file__).parents[1] / "docs" / "soak"
_told: list[tuple[str, str, float, str]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a test recorded (`record_property`) is told beside its name."""
    if report.when == "call":
        figures = ", ".join(f"{name} {value}" for name, value in report.user_properties)
        _told.append((report.nodeid, report.outcome, report.duration, figures))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not os.environ.get("GUANXI_SOAK") or not _told:
        return
    today = datetime.now(UTC).date().isoformat()
    rows = [
        f"| {_sentence(name)} | {outcome} | {seconds:.0f} | {fig} |" for name, outcome, seconds, fig in _told
    ]
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    head = [
        f"# Long figures of {today}",
        "",
        machine,
        "",
        "| test | outcome | seconds | figures |",
        "|---|---|---|---|",
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{today}.md").write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


def _sentence(nodeid: str) -> str:
    return nodeid.split("::")[-1].removeprefix("test_").replace("_", " ").replace("|", "\\|")
