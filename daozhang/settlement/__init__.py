"""When money is due: products, terms, the working calendar and the rule (DOMAIN.md §2)."""
