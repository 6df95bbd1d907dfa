"""SMS: rules only."""
