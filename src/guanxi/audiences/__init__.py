"""Stored segments, their members and the holdout."""
