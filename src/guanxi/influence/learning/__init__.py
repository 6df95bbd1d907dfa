"""Ties learned from what people did: evidence, rates, credit, and the laws they share."""
