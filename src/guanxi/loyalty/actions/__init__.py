"""The verbs of loyalty: programme, accounts, entries, rewards."""
