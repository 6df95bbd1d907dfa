"""`guanxi address`: the public address is shown, set and taken away."""

from __future__ import annotations

from typer.testing import CliRunner

from guanxi.cli.main import app
from guanxi.records.installation import Installation
from guanxi.vocabulary.reasons import Refused


def test_the_public_address_is_set_shown_and_taken_away(house: Installation) -> None:
    runner = CliRunner()
    assert "No public address" in runner.invoke(app, ["address"]).output
    assert (
        runner.invoke(app, ["address", "https://Hear.brand.example/"]).output
        == "https://hear.brand.example\n"
    )
    unfit = runner.invoke(app, ["address", "http://hear.brand.example"])
    assert isinstance(unfit.exception, Refused)
    assert runner.invoke(app, ["address"]).output == "https://hear.brand.example\n"
    assert "No public address" in runner.invoke(app, ["address", ""]).output
