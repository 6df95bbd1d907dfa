"""What doors show of customers and their orders."""
