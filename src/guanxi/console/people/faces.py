"""Faces of fans and customers."""
