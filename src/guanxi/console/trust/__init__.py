"""Pages about trust: the leash, the health of what is shown, and the settings."""
