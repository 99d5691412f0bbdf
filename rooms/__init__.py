"""Rooms, and what is done in them: wall, tasks, time, files."""
