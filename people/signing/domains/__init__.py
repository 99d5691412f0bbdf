"""Domains: which are a business's own, as their DNS shows."""
