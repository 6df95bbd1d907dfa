"""A WeChat of our own on this machine: API, pushes, people and mischief, to try and to test against."""
