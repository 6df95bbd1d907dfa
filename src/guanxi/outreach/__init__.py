"""Campaigns and the leash: may we, and should we, speak to this person now; delivery of what it lets pass."""
