"""Employees: what a business keeps about those who work for it, and who has read what isn't for everyone."""
