"""Who: businesses, persons, companies, sessions, permissions."""
