"""Files: what they hold, how they come in, and what becomes of them."""
