"""Who is here, and what they are doing now."""
