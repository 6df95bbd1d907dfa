"""People on the brand's own pages and mini-program, known by a signed word."""
