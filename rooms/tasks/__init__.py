"""Tasks: what is to be done in rooms, and by whom."""
