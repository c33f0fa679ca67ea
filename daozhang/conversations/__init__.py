"""One conversation: what was said, whose turn it is, and the call to the bot."""
