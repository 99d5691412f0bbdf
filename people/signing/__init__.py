"""Signing in: passwords and second factors, passkeys, other services, sessions and tokens, the rules of a business."""
