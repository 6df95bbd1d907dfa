"""The social database: fans, content, engagements. A stranger to customers."""
