"""One identical folder per platform: signing, inbound, outbound, errors, and rules as values."""
