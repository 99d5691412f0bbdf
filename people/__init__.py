"""Who: businesses, persons, roles and their permissions, and how each signs in."""
