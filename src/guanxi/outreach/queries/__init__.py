"""What doors show of outreach."""
