"""The HTTP front door: requests in, durable groups, answers out."""
