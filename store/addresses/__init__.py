"""Addresses: of databases and Redis, as people write them, and whose an address of the network is."""
