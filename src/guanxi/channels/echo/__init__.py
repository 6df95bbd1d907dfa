"""Echo: a receiver of our own on this machine, spoken to over real HTTP; for rehearsals and tests."""
