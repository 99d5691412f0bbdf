"""A small name server on this machine, that says of a domain's texts what it is told to say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from people.signing.domains.dns_lookups import ask_servers

Address = tuple[str, int]

NOBODY = "127.0.0.1:9"
"""Where no name server is: tests ask none of the world's."""


@dataclass
class NameServer(asyncio.DatagramProtocol):
    """Answers over UDP. What it holds no name for isn't there."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    """The values by name, without the dot at its end."""
    says: dns.rcode.Rcode | None = None
    """What it answers whatever it is asked, such as that it failed."""
    silent: bool = False
    asked: list[str] = field(default_factory=list)
    address: Address = ("", 0)
    _transport: asyncio.DatagramTransport | None = None

    @property
    def written(self) -> str:
        return f"{self.address[0]}:{self.address[1]}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.address = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, whence: Address) -> None:
        assert self._transport
        question = dns.message.from_wire(data)
        name = question.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if not self.silent:
            self._transport.sendto(self._answer(question, name), whence)

    def _answer(self, question: dns.message.Message, name: str) -> bytes:
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        texts = self.texts.get(name)
        if self.says is not None or texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN if self.says is None else self.says)
        elif texts:
            quoted = [" ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255)) for text in texts]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *quoted))
        whole = answer.to_wire(max_size=65535)
        if len(whole) <= question.payload:
            return whole
        cut = dns.message.make_response(question)
        cut.flags |= dns.flags.TC
        return cut.to_wire()


@asynccontextmanager
async def name_server() -> AsyncIterator[NameServer]:
    """This is a name server on a port of its own."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    try:
        yield server
    finally:
        transport.close()


@asynccontextmanager
async def asked_name_server() -> AsyncIterator[NameServer]:
    """This is a name server that the hub asks of domains meanwhile."""
    async with name_server() as server:
        ask_servers([server.address])
        yield server
        ask_servers(())
