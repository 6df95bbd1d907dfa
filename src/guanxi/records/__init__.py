"""PostgreSQL: the embedded server, routing to three databases, actors, permissions and audit."""
