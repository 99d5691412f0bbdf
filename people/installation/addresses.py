"""Addresses by which people reach an installation: an origin, since a hub serves all of a host."""

import re
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urlsplit

from store.errors import _

_PART = r"[^\W_]+(?:[_-]+[^\W_]+)*"
_HOST = re.compile(rf"(?:(?:{_PART}\.)*+(?:{_PART})?|\[[\da-fA-F:.]+\])(?::\d+)?")
"""A host's name has parts with dots between them, which begin and end with a letter or a number; or it is an address in
brackets."""

USUAL_PORTS = {"https": 443, "http": 80}


def origin(address: str) -> str:
    """This is an address as a browser writes it: in small letters, without its scheme's usual port and without a slash.

    Raises:
        ValueError: it is more than a host, or less.
    """
    if not address.lower().startswith(("https://", "http://")):
        raise ValueError(_("The address has to start with https:// or http://."))
    try:
        parts = urlsplit(address)
        host, port = _host(parts), parts.port
    except ValueError:  # a bracket is left open, or there can be no such host or port
        host, port = "", None
    if not host or port == 0 or any(letter.isspace() for letter in address):
        raise ValueError(_("The address needs a host name, such as https://atrium.example, and can have a port."))
    if "@" in parts.netloc:
        raise ValueError(_("The address can't contain a user name or password."))
    if parts.path.strip("/") or "?" in address or "#" in address:
        raise ValueError(_("The address has to end with the host name: Atrium can't run under a path."))
    return (
        f"{parts.scheme}://{host}" if port in (None, USUAL_PORTS[parts.scheme]) else f"{parts.scheme}://{host}:{port}"
    )


def _host(parts: SplitResult) -> str:
    """This is an address's host, or nothing where no host is called so. A name and a password before it are refused in
    words of their own.

    Raises:
        ValueError: what is in brackets is no address.
    """
    host = parts.hostname if _HOST.fullmatch(parts.netloc.rpartition("@")[2]) else None
    return f"[{IPv6Address(host)}]" if host and "[" in parts.netloc else host or ""
