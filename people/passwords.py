"""Passwords: argon2id, hashed off the event loop, and as slow for someone unknown as for someone known."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


async def hashed(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


async def verified(known_hash: str | None, password: str) -> bool:
    """Whether the password is right. With no hash it takes as long and is wrong."""
    right = await asyncio.to_thread(_verify, known_hash, password)
    return right and known_hash is not None


def outdated(known_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(known_hash)


def _verify(known_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(known_hash or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("a password that nobody has")
