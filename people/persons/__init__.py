"""Persons: those who can sign in, from their invitation to their departure, and who looks after them."""
