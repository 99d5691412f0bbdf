"""Ciphers: what must be readable again, but not in a copy of the database: Fernet (AES-128-CBC with HMAC-SHA256).

The key is kept outside the database: the setting ``HUB_CIPHER_KEY``, by default a file in the data folder.
"""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import LargeBinary

from store.files.folders import make_private

FILE = "cipher.key"
NEXT = "cipher.key.next"
"""The key that a data folder will keep once all was encrypted with it."""


class Sealed(LargeBinary):
    """A column of what was encrypted: with another key, all such are encrypted anew."""


class Unreadable(Exception):
    """A text was encrypted with another key, or was changed."""


class Cipher:
    """Encrypts and decrypts texts with one key."""

    def __init__(self, secret: bytes) -> None:
        key = hashlib.blake2b(secret, digest_size=32, person=b"atrium-cipher").digest()
        self._digest_key = hashlib.blake2b(secret, digest_size=32, person=b"atrium-digest").digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def decrypt(self, hidden: bytes) -> str:
        """This is the text again.

        Raises:
            Unreadable: the key is another one, or the bytes were changed.
        """
        try:
            return self._fernet.decrypt(bytes(hidden)).decode()
        except InvalidToken as error:
            raise Unreadable() from error

    def digest(self, content: bytes) -> bytes:
        """This is what tells a content from others, and lets nobody without the key try which it was."""
        return hmac.digest(self._digest_key, content, "sha256")


def kept_key(folder: Path, file: str = FILE) -> bytes:
    """This is the key that a data folder keeps; it is made when there is none, readable by its owner alone."""
    path = folder / file
    if not path.exists():
        fresh = _written(folder, secrets.token_hex(32).encode())
        with suppress(FileExistsError):  # whichever hub comes first makes it
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()


def keeps_key(folder: Path) -> bool:
    """Whether a data folder keeps a key already."""
    return (folder / FILE).exists()


def keep_key(folder: Path, key: bytes) -> None:
    """Put a key, such as a backup's, in the place of the one that a data folder keeps."""
    _written(folder, key).replace(folder / FILE)


def _written(folder: Path, key: bytes) -> Path:
    make_private(folder)
    path = folder / f".{FILE}.{secrets.token_hex(8)}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return path


_known: list[Cipher] = []


def use(key: bytes) -> None:
    """Encrypt and decrypt with this key from now on, in this process."""
    _known[:] = [Cipher(key)]


def cipher() -> Cipher:
    """This is the process's cipher.

    Raises:
        LookupError: ``use`` has said no key yet.
    """
    if not _known:
        raise LookupError("no cipher key is known yet")
    return _known[0]
