"""How this installation calls the platforms it hears: whose tokens it holds, and callers of WeChat."""
