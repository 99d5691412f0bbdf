"""The wire: names, shapes, and JSON that others wrote."""
