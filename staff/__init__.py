"""Staff: departments, what is kept about employees, and leave."""
