"""The long figures: collected by `make soak` only."""

import os

collect_ignore_glob = [] if os.environ.get("GUANXI_SOAK") else ["test_*.py"]
