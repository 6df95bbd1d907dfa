"""Whom to make an ambassador: the terms, the choice, why, and how sure."""
