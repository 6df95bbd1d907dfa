"""What doors show of fans and contents."""
