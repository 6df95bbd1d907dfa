"""Who came to a content through whom, and in what order."""
