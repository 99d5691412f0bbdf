"""Leave: the page of it, its calendar by the month, and the one for people's own calendar programs."""
