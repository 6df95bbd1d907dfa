"""The brand's own pages and mini-program: no platform stands between, so only the brand's own rules apply."""
