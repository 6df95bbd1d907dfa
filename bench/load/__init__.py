"""What benches send to a door."""
