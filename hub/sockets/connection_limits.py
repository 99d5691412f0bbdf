"""Connection limits: how many connections of one address (of IPv6, its first 64 bits) haven't said yet who they are.
Beyond a limit none is taken.

Whoever opens connections and says nothing on them is sent away after some seconds; until then each costs a file and
some memory. The limit keeps one address from using them all up. A proxy that is trusted speaks for many, and has none.
"""

import ipaddress
from collections import Counter

from hub.settings import Settings
from store.addresses.networks import network_of

EVERYBODY = "*"


class ConnectionLimit:
    """Connections of each address, as long as they are nobody's."""

    def __init__(self, at_most: int, trusted: str = "") -> None:
        self._at_most = at_most
        self._everybody_is_trusted, self._trusted = _named(trusted)
        self._here: Counter[str] = Counter()

    def come(self, address: str) -> bool:
        """Whether one more of an address is taken; if so, ``go`` is to be called for it once."""
        network = network_of(address)
        if self._here[network] >= self._at_most and not self._is_trusted(address):
            return False
        self._here[network] += 1
        return True

    def go(self, address: str) -> None:
        network = network_of(address)
        self._here[network] -= 1
        if not self._here[network]:
            del self._here[network]

    def _is_trusted(self, address: str) -> bool:
        if self._everybody_is_trusted:
            return True
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return True  # not from the network: a socket of this machine's
        return any(known in network for network in self._trusted)


def connection_limit_of(settings: Settings) -> ConnectionLimit | None:
    """The limit that the settings name, or None where limits are off."""
    return ConnectionLimit(settings.limit_sockets_per_address, settings.trusted_proxies) if settings.limits else None


def _named(trusted: str) -> tuple[bool, list[ipaddress.IPv4Network | ipaddress.IPv6Network]]:
    """Proxies as a setting names them: whether that is everybody, and the networks among them."""
    found = []
    words = [word.strip() for word in trusted.split(",")]
    for word in words:
        try:
            found.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            continue  # uvicorn takes names of sockets, too
    return EVERYBODY in words, found
