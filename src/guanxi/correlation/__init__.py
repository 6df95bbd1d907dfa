"""Links between fans and customers: evidence, made and undone, never a merge."""
