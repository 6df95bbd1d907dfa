"""The brand's own shop: no platform stands between, so only the brand's own rules apply."""
