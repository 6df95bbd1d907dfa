"""The round on real data: a week of Twitter and eighteen months of a music shop, counted against standard tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("GUANXI_SHARED_DATA", ROOT.parent / "shared" / "data"))
HIGGS = DATA / "higgs" / "higgs-activity_time.txt.gz"
CDNOW = DATA / "cdnow" / "CDNOW_master.txt"

pytestmark = [
    pytest.mark.skipif(not HIGGS.exists(), reason=f"the real data is not in {DATA}"),
    pytest.mark.xdist_group("processes"),
]


def guanxi(folder: Path, *arguments: str) -> Any:
    """What the command reports as JSON."""
    command = [sys.executable, "-m", "guanxi.cli", *arguments, "--data", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def counted(command: str) -> int:
    """A number that standard tools take from the file itself."""
    return int(subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real") / "installation"


def test_higgs_and_cdnow_go_one_round_and_their_counts_are_those_of_the_files(installation: Path) -> None:
    mappings = ROOT / "examples" / "mappings"
    heard = guanxi(installation, "import", "--mapping", str(mappings / "higgs.toml"), str(HIGGS))
    assert heard == {"accepted": counted(f"zcat {HIGGS} | wc -l"), "duplicates": 0, "quarantined": 0}
    orders = guanxi(installation, "import", "--mapping", str(mappings / "cdnow.toml"), str(CDNOW))
    assert orders["accepted"] == counted(f"grep -c . {CDNOW}")
    made = guanxi(installation, "round")
    people = counted(f"zcat {HIGGS} | awk '{{print $1; print $2}}' | sort -u | wc -l")
    ties = counted(f"zcat {HIGGS} | awk '$1 != $2 {{print $2, $1}}' | sort -u | wc -l")
    refreshed = made["refreshed"]
    assert refreshed["fans"]["fans"] == refreshed["weights"]["fans"] == people
    assert refreshed["ties"]["ties"] == ties
    assert refreshed["customers"]["customers"] == counted(f"awk '{{print $1}}' {CDNOW} | sort -u | wc -l")
    assert made["ambassadors"]["shortlisted"] == 50
    assert sum(made["plan"]["verdicts"].values()) == made["plan"]["persons"] > 0
    again = guanxi(installation, "import", "--mapping", str(mappings / "cdnow.toml"), str(CDNOW))
    assert again == {"accepted": 0, "duplicates": orders["accepted"], "quarantined": 0}
    assert guanxi(installation, "verify")["clean"]
