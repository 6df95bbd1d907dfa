"""Django migrations of this room."""
