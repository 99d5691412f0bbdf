"""Leave: days off of every kind, who decides on them, what is left of them, and who is away."""
