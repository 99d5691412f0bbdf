"""Networks: whose an address is, and where a request may go that somebody of a business had the hub make."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_UNICAST = IPv6Network("2000::/3")
"""Source: RFC 4291, section 2.4, and IANA's registry: nothing else is given out yet."""
_TRANSLATED = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo (RFC 4380) and 6to4 (RFC 3056): what they lead to is an IPv4 address, which may be anyone's."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""Source: RFC 6052: an address of IPv4 stands at its end."""
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


def network_of(address: str) -> str:
    """This is what one subscriber has of the network, by an address of theirs: an address of IPv4, or the first 64 bits
    of one of IPv6, of which everybody has very many. What is no address is itself.

    Source: RFC 6177; RFC 4291, section 2.5.1.
    """
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        known = IPv4Address(int(known) & 0xFFFFFFFF) if known in _NAT64 else known.ipv4_mapped or known
    return str(known) if isinstance(known, IPv4Address) else f"{known.exploded[:SUBNET_SIGNS]}::/64"


def site_of(network: str) -> str | None:
    """This is how the networks of a site begin, by one that ``network_of`` gave: 48 bits of IPv6, of which a site may
    have 65,536 networks. None of IPv4."""
    return f"{network[:SITE_SIGNS]}:" if network.endswith("::/64") else None


def is_network(text: str) -> bool:
    """Whether this is what ``network_of`` or ``site_of`` gave of an address, and no e-mail or anybody's id."""
    begins = text.removesuffix("::/64")
    try:
        ip_address(begins if "." in begins else f"{begins.removesuffix(':')}::")
    except ValueError:
        return False
    return True


SUBNET_SIGNS, SITE_SIGNS = len("2001:0db8:0000:0000"), len("2001:0db8:0000")
