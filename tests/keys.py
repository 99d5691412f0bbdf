"""What the tests encrypt with, in this process and in hubs of their own."""

CIPHER_KEY = "what the tests encrypt with"
