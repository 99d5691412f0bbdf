"""Signing in: passwords and second factors, passkeys, other services, the rules of a business, and the journal."""
