"""One complaint from its first words to its end: case, steps tried, ticket, promise."""
