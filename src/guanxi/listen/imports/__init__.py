"""A user's own files, read by a mapping into activities."""
