"""The installation's pages, for who runs it."""
