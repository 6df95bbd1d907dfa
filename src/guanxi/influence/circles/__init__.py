"""People around people: communities, likeness, ripples of a crowd, prospects."""
