"""Telegram Bot API: rules and the webhook secret."""
