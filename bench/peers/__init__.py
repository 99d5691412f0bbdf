"""What somebody would pick instead of the hub."""
