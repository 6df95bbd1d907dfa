"""Hears everything once: durable acceptance, dedupe, delivery in commit order, quarantine, imports."""
