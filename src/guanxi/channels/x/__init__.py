"""X: rules, webhook challenge and signature; listened to, never written to by campaigns."""
