"""Signing in, and what strangers open: by a password, a passkey, another service, or a link in a letter."""
