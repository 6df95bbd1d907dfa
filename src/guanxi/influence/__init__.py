"""Ties, weights and bands, communities, and ambassadors chosen with a guarantee."""
