"""Who looks like a share farm, by which signs; and what a person decided of that."""
