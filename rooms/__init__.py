"""Rooms and what is done in them."""
