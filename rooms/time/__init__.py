"""Time: who works on what now, and how long was worked."""
