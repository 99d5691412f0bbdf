"""Processes: the procedures of a business, and the stages that its rooms and their tasks go through."""
