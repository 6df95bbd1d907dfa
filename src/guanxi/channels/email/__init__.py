"""E-mail: rules only."""
