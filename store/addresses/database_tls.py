"""TLS with databases: the files that an address names for it, and those that libpq would take where it names none.

Source: PostgreSQL's manual, 32.19 (TLS).
"""

import os
import ssl
from pathlib import Path
from typing import Any

from store.addresses.connection_strings import AddressWrong

MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SYSTEM = "system"
"""In the place of an authority's file: those that this machine trusts."""

_SYSTEMS_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def kept_file(name: str) -> Path:
    """A file of libpq's own folder in one's home."""
    try:
        return Path.home() / ".postgresql" / name
    except RuntimeError:  # an account without a home
        return Path(os.devnull) / name


def authorities(sslmode: str, sslrootcert: str) -> Path | None:
    """The file of the authorities that a server's certificate is held to."""
    if sslrootcert == SYSTEM:
        if sslmode != "verify-full":
            raise AddressWrong(f"sslrootcert=system goes with sslmode=verify-full, not {sslmode}.")
        named = ssl.get_default_verify_paths().cafile
        found = next((path for path in (named, *_SYSTEMS_AUTHORITIES) if path and Path(path).exists()), None)
        if found is None:
            raise AddressWrong("sslrootcert=system: this machine keeps no authorities; name a file of them.")
        return Path(found)
    if sslrootcert:
        return Path(sslrootcert)
    if (kept := kept_file("root.crt")).exists():
        return kept
    if sslmode.startswith("verify"):
        raise AddressWrong(
            f"sslmode={sslmode} holds the server's certificate to an authority's. Name it by "
            "sslrootcert=/path/to/authority.pem, or sslrootcert=system for those that this machine trusts."
        )
    return None


def own_certificate(sslcert: str, sslkey: str) -> tuple[Path, Path] | None:
    """The files of a certificate by which we say who we are, and of its key."""
    certificate, key = Path(sslcert or kept_file("postgresql.crt")), Path(sslkey or kept_file("postgresql.key"))
    if not sslcert and not certificate.exists():
        return None
    try:
        found = key.stat()
    except OSError as error:
        raise AddressWrong(f"sslkey: {key} can't be read: {error.strerror}.") from error
    if found.st_mode & (0o037 if found.st_uid == 0 else 0o077):
        raise AddressWrong(f"sslkey: {key} is open to others, so nothing takes it. chmod 600 {key}")
    return certificate, key


def load(name: str, path: Path, load: Any) -> None:
    try:
        load()
    except ssl.SSLError as error:
        raise AddressWrong(f"{name}: {path} isn't what it should be: {error.reason or error}.") from error
    except OSError as error:
        raise AddressWrong(f"{name}: {path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise AddressWrong(f"{name}: {path}: {error}") from error


def no_password() -> str:
    raise ValueError("its key is kept by a password; make it one without, and chmod 600.")
