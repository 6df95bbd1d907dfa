"""Pages about people: fans, customers, and the links between them."""
