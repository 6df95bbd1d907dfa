"""The examples in the documentation strings run."""

from __future__ import annotations

import doctest

import pytest

from guanxi.influence import credit, decay, seeds
from guanxi.influence.kernels import bounds


@pytest.mark.parametrize("module", [seeds, bounds, credit, decay])
def test_the_examples_run(module) -> None:
    assert doctest.testmod(module).failed == 0
