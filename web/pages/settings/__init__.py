"""A business's settings, each a page."""
