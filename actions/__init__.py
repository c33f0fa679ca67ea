"""Rasa's custom actions: thin shells around the assistant, one for each door."""
