"""WhatsApp Cloud API: rules, webhook signature and challenge."""
