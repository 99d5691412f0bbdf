"""Leaked passwords: those that were others' and got about, which whoever guesses tries first.

``leaked_passwords.bin`` has the beginnings of their digests, sorted: a million are more than anybody wants in memory as
texts. They are those of the million most common in M. Burnett's list of ten million (public leaks up to 2015) that are
long enough to be a password here. ``python -m people.signing.passwords.leaked_passwords LIST`` makes the file anew
from a list with one a line.

Source: M. Burnett, "Today I Am Releasing Ten Million Passwords", February 2015, which puts them into the public domain:
https://medium.com/xato-security/today-i-am-releasing-ten-million-passwords-b6278bbe7495. By how common they are they
stand in SecLists (MIT), github.com/danielmiessler/SecLists, Passwords/Common-Credentials, where they are called
``10-million-password-list-top-…`` or ``xato-net-10-million-passwords-…``.
"""

import sys
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

FILE = Path(__file__).with_name("leaked_passwords.bin")
BYTES = 5
"""So much of a digest is kept: of ten million other passwords, one is taken for leaked."""
SHORTEST = 10
"""Shorter ones are none of ours."""


def has_leaked(password: str) -> bool:
    """Whether a password is on the list, in whatever case it is written."""
    known, wanted = _known(), _digest(password)
    at = bisect_left(range(len(known) // BYTES), wanted, key=lambda number: _nth(known, number))
    return _nth(known, at) == wanted


def write(passwords: Iterable[str], file: Path = FILE) -> None:
    """Write the list of these passwords."""
    file.write_bytes(b"".join(sorted({_digest(password) for password in passwords if len(password) >= SHORTEST})))


@cache
def _known() -> bytes:
    return FILE.read_bytes()


def _nth(known: bytes, number: int) -> bytes:
    return known[number * BYTES : (number + 1) * BYTES]


def _digest(password: str) -> bytes:
    return blake2b(password.casefold().encode(), digest_size=BYTES, person=b"atrium-leaks").digest()


if __name__ == "__main__":
    write(Path(sys.argv[1]).read_text("utf-8", "replace").splitlines())
