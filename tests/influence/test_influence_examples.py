"""The examples in the documentation strings run."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.influence import seeds
from guanxi.influence.kernels import bounds
from guanxi.influence.learning import credit, decay


@pytest.mark.parametrize("module", [seeds, bounds, credit, decay])
def test_the_examples_run(module) -> None:
    assert doctest.testmod(module).failed == 0


def test_the_how_to_runs() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "influence-alone.md"
    found = doctest.testfile(str(page), module_relative=False)
    assert found.attempted > 15
    assert found.failed == 0


def test_the_documented_example_runs_without_django_or_an_installation() -> None:
    root = Path(__file__).parents[2]
    code = "import runpy, sys; runpy.run_path('examples/seed_sets.py', run_name='__main__');"
    code += "print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    lines = said.stdout.splitlines()
    assert len(lines) == 4
    assert lines[-1] == "False"
