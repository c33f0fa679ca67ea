"""Ours, and what a team would pick instead: the same examples in, answers out."""
