"""What a follower is answered at once, by rules a marketer edits."""
