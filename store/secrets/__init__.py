"""Secrets: what all nodes share, and what only they can read."""
