"""Segments as trees: a parser, an allow-list and a compiler; never text from a user in SQL."""
