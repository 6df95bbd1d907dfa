"""The examples in the documentation strings run."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from guanxi.influence import credit, decay, seeds
from guanxi.influence.kernels import bounds


@pytest.mark.parametrize("module", [seeds, bounds, credit, decay])
def test_the_examples_run(module) -> None:
    assert doctest.testmod(module).failed == 0


def test_the_how_to_runs() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "influence-alone.md"
    found = doctest.testfile(str(page), module_relative=False)
    assert found.attempted > 15
    assert found.failed == 0
