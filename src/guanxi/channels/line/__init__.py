"""LINE Messaging API: rules and the webhook signature."""
