"""Public addresses: where a request may go that somebody of a business had the hub make."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

_UNICAST = IPv6Network("2000::/3")
"""Source: RFC 4291, section 2.4, and IANA's registry: nothing else is given out yet."""
_TRANSLATED = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo (RFC 4380) and 6to4 (RFC 3056): what they lead to is an IPv4 address, which may be anyone's."""
_DOCUMENTATION = IPv6Network("3fff::/20")
"""Source: RFC 9637. Python's own list is of before."""
_RELAYS = IPv4Address("192.88.99.0"), IPv4Address("192.88.99.255")
"""Source: RFC 7526, which gave them up."""
_NOBODYS = (*_TRANSLATED, _DOCUMENTATION)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one machine's on the internet: none of a private network, of this machine, of several, or
    one that is translated to another (NAT64, 6to4, Teredo)."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not _RELAYS[0] <= address <= _RELAYS[1]
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    return address in _UNICAST and address.is_global and not any(address in network for network in _NOBODYS)
