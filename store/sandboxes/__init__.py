"""Sandboxes: where work is done whose cost its sender decides."""
