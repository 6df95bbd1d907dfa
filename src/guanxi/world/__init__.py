"""A simulated brand world with planted truth, beside the tower."""
