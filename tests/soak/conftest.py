"""The long comparisons are collected by `make soak` only."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("GUANXI_SOAK") else ["test_*.py"]
