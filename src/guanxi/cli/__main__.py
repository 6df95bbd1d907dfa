"""`python -m guanxi.cli`, for the supervisor."""

from guanxi.cli.main import run

run()
