"""What a band is given: how soon it is answered, what it may see early, how long its leash is."""
