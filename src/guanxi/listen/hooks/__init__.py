"""What platforms push: verified, kept, relayed, read again."""
