"""How much of what looks like influence is likeness, timing and popularity."""
