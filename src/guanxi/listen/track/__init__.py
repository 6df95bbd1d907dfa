"""Segment clients: write keys, bodies, events and the table they map by."""
