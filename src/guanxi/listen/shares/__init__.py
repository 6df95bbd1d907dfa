"""Share links: signed marks in addresses, who opened them through whom, and what of it counts."""
