"""Clients: companies, whom to reach there, the clients who belong to them, and what they use."""
