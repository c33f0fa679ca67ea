"""The bot's understanding and turn taking: what Rasa runs, and the pure rules under it."""
