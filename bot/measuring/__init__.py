"""How well the bot understands, next to what others would have built on the same examples."""
