"""Where the influence map draws fans, and what it shows."""
