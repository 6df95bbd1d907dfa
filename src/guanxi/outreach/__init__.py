"""Campaigns under the leash: send, hold, drop or due, each with its reasons."""
