"""Web addresses, as people type them."""

from urllib.parse import urlsplit

from store.errors import _


def web_address(text: str) -> str:
    """This is a web address as typed, with its scheme; empty is none.

    Raises:
        ValueError: it is none.
    """
    text = text.strip()
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        # Asking for the port raises when it is no number.
        whole = parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(sign.isspace() or not sign.isprintable() for sign in address):
        raise ValueError(_("This isn't a web address."))
    return address
