"""The server: builds and connects the parts, and the command line."""
