"""DNS lookups: what stands in the texts (TXT records) of a domain, as a name server says.

What comes back is a stranger's word. It is waited for shortly, and has to fit into one datagram, since a long answer
takes the longer to be read; of its values some are looked at, each to some length.

Source: RFC 1035, section 3.3.14; RFC 2308, section 2, for names and records that aren't there.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.resolver
from dns.nameserver import Do53Nameserver
from dns.rdtypes.txtbase import TXTBase

PATIENCE_SECONDS = 4.0
MOST_VALUES = 50
LONGEST = 300
DATAGRAM_BYTES = 1232
"""Source: DNS Flag Day 2020, of what reaches everybody in one piece."""
PORT = 53

Server = tuple[str, int]

_servers: tuple[Server, ...] = ()


class LookupFailed(Exception):
    """No name server said anything that can be read: whether a record is there isn't known."""


def ask_servers(servers: Sequence[Server]) -> None:
    """Have this process ask these name servers; with none, those of the machine."""
    global _servers  # noqa: PLW0603 - the process's own, as its settings are
    _servers = tuple(servers)


def server_of(written: str) -> Server:
    """This is a name server's address and port: ``192.0.2.53``, ``192.0.2.53:5353``, ``2001:db8::53``, ``[::1]:5353``.

    Raises:
        ValueError: it is neither.
    """
    with suppress(ValueError):
        return str(ip_address(written)), PORT
    host, _colon, port = written.rpartition(":")
    if not 0 < int(port) < 65536:
        raise ValueError(f"{port} is no port")
    return str(ip_address(host.removeprefix("[").removesuffix("]"))), int(port)


async def texts_of(name: str) -> list[str]:
    """These are the values of the texts at a domain's name, the longest cut; none where there are none.

    Raises:
        LookupFailed: nobody could say, or it was too long.
    """
    try:
        resolver = await _resolver()
        asked = dns.name.from_text(f"{name}.")
        answer = await resolver.resolve(asked, "TXT", lifetime=PATIENCE_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise LookupFailed() from error
    return [_text(record) for record in list(answer)[:MOST_VALUES] if isinstance(record, TXTBase)]


def _text(record: TXTBase) -> str:
    """A value, its pieces joined, with a sign in place of each that can't be shown."""
    whole = b"".join(record.strings)[:LONGEST].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in whole)


async def _resolver() -> dns.asyncresolver.Resolver:
    if _servers:
        found = dns.asyncresolver.Resolver(configure=False)
        found.nameservers = [_Short(*server) for server in _servers]
    else:
        found = await asyncio.to_thread(dns.asyncresolver.Resolver)  # reads a file
        found.nameservers = [_Short(str(server), found.port) for server in found.nameservers]
    found.use_edns(0, payload=DATAGRAM_BYTES)
    return found


class _Short(Do53Nameserver):
    """A name server of which no answer is taken that doesn't fit into a datagram."""

    async def async_query(self, request: dns.message.QueryMessage, *args: Any, **more: Any) -> dns.message.Message:
        if more["max_size"]:
            raise NotImplementedError  # so dnspython asks another one, or none
        return await super().async_query(request, *args, **more)
