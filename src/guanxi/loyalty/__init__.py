"""Love points and spend points in a ledger that only grows."""
