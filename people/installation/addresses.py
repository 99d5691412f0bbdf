"""Addresses by which people reach an installation: an origin, since a hub serves all of a host."""

from urllib.parse import urlsplit

from store.errors import _


def origin(address: str) -> str:
    """This is an address without the slash at its end.

    Raises:
        ValueError: it is more than a host, or less.
    """
    if not address.lower().startswith(("https://", "http://")):
        raise ValueError(_("An address starts with https:// or http://."))
    parts = urlsplit(address)
    try:
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number, or none that there is
        named = False
    if not named or any(letter.isspace() for letter in address):
        raise ValueError(_("An address names a host, such as https://atrium.example, perhaps with a port."))
    if "@" in parts.netloc:
        raise ValueError(_("An address holds no name and no password."))
    if parts.path.strip("/") or "?" in address or "#" in address:
        raise ValueError(_("An address ends with the host: the hub can't be below a path, and nothing follows it."))
    return address.rstrip("/")
