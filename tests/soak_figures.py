"""The long figures of `make soak`, wherever their tests stand, written down with their date, commit and machine.

A run of only some of them replaces their rows of the day and leaves the others, each under the commit it ran at.
"""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs" / "soak"
HEAD = ("| test | commit | outcome | seconds | figures |", "|---|---|---|---|---|")
_told: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a test recorded (`record_property`) is told beside its name."""
    if report.when == "call" and os.environ.get("GUANXI_SOAK"):
        figures = ", ".join(f"{name} {value}" for name, value in report.user_properties)
        name = _sentence(report.nodeid)
        _told[name] = f"| {name} | {_commit()} | {report.outcome} | {report.duration:.0f} | {figures} |"


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not _told:
        return
    today = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    page = RESULTS / f"{today}.md"
    RESULTS.mkdir(exist_ok=True)
    rows = _rows_of(page) | _told
    page.write_text(
        "\n".join([f"# Long figures of {today}", "", machine, "", *HEAD, *rows.values()]) + "\n", "utf-8"
    )


def _rows_of(page: Path) -> dict[str, str]:
    lines = page.read_text("utf-8").splitlines() if page.exists() else []
    return {
        line.split(" | ")[0].removeprefix("| "): line
        for line in lines
        if line.startswith("| ") and line != HEAD[0]
    }


def _commit() -> str:
    asked = subprocess.run(("git", "rev-parse", "--short", "HEAD"), cwd=ROOT, capture_output=True, text=True)
    return asked.stdout.strip() or "unknown"


def _sentence(nodeid: str) -> str:
    return nodeid.split("::")[-1].removeprefix("test_").replace("_", " ").replace("|", "\\|")
