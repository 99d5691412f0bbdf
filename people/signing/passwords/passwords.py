"""Passwords: argon2id, hashed off the event loop, and as slow for someone unknown as for someone known."""

import asyncio
import re
from collections.abc import Hashable, Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import Field, PrivateAttr

from people.installations import current
from people.signing.passwords.leaked_passwords import has_leaked
from people.signing.passwords.password_strength import guesses
from store.commands import Command
from store.errors import Invalid, _
from store.sandboxes.sandboxes import Lane, TookTooLong

GUESSES = 10**6
"""So many tries a password must withstand: what trying online can't reach within years, by our limits.

Source: D. Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016, section 2.2.
"""
SHORTEST, LONGEST = 10, 200
LOOKED_AT = 32
"""So many letters tell whether a password is a simple one; what is simple here and long is refused too."""
TELLING = 4
"""A name's part of so many letters, or more, gives a password away."""
OF_THE_PLACE = ("Atrium",)
"""Words that everybody knows here, beside the installation's name: a password is judged without them."""

_hasher = PasswordHasher()
_judges = Lane(
    "passwords",
    cpu_seconds=5,
    memory_bytes=1 << 30,
    most_waiting=8,
    loads=("people.signing.passwords.password_strength",),
)


class SetsPassword(Command, touches="sign_in"):
    """A command that sets a password, which is judged and hashed before its transaction begins."""

    _hash: str | None = PrivateAttr(None)

    async def hash_of(
        self, password: str, about: Iterable[str | None], *, turn: Hashable, field: str = "password"
    ) -> str:
        """This is what is kept of the password. It is judged and hashed once, where this is asked first.

        Raises:
            As ``check_password``.
        """
        if self._hash is None:
            await check_password(password, about, field=field, turn=turn)
            self._hash = await hashed(password)
        return self._hash


async def check_password(
    password: str, about: Iterable[str | None] = (), *, field: str = "password", turn: Hashable = None
) -> None:
    """Refuse a password that is easily guessed; ``about`` is what is known of its owner: name, e-mail.

    Raises:
        Invalid: it is too short, has leaked, is too easily guessed, or has its owner's name or e-mail in it; on the
            field.
        SandboxFailed, TooCostly: nobody could judge it; so it isn't taken.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(fields={field: _("A password has 10 characters or more.")})
    known = _words(about)
    if any(len(part) >= TELLING and part.casefold() in password.casefold() for part in known):
        raise Invalid(fields={field: _("It contains the owner's name or email. Choose another one.")})
    if not await _withstands(_without(_words((*OF_THE_PLACE, current().name)), password)[:LOOKED_AT], known, turn):
        raise Invalid(fields={field: _("This is easy to guess. Several unrelated words are better.")})
    if has_leaked(password):
        raise Invalid(
            fields={field: _("It's known from a data leak, so it would be guessed early. Choose another one.")}
        )


def _words(texts: Iterable[str | None]) -> list[str]:
    """Texts, and each of their words."""
    return [part for text in texts if text for part in (text, *re.split(r"[\W_]+", text))]


def _without(words: Iterable[str], password: str) -> str:
    telling = [re.escape(word) for word in words if len(word) >= TELLING]
    return re.sub("|".join(telling), "", password, flags=re.IGNORECASE)


async def _withstands(password: str, known: list[str], turn: Hashable) -> bool:
    try:
        return await _judges.run(guesses, password, known, turn=turn) >= GUESSES
    except TookTooLong:
        return True  # so full of signs that each stands for several letters: on no list


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


Password = Field(min_length=10, max_length=200)
