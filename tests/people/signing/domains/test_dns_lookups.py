"""Lookups: what a name server says of a domain's texts, which is a stranger's word."""

import socket
import time

import dns.rcode
import pytest

from people.signing.domains.dns_lookups import (
    LONGEST,
    MOST_VALUES,
    PATIENCE_SECONDS,
    LookupFailed,
    ask_servers,
    server_of,
    texts_of,
)
from tests.names import NameServer
from tests.patience import promised

NAME = "_atrium-challenge.firm.example"


async def test_texts_are_found_whole_however_many_pieces_they_have(names: NameServer) -> None:
    names.texts[NAME] = ["one", "x" * 260]
    assert sorted(await texts_of(NAME)) == ["one", "x" * 260]


async def test_a_name_without_texts_has_none_and_so_has_one_that_isn_t_there(names: NameServer) -> None:
    names.texts[NAME] = []
    assert await texts_of(NAME) == []
    assert await texts_of("nowhere.example") == []
    assert names.asked == [NAME, "nowhere.example"]


@pytest.mark.parametrize("says", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
async def test_a_server_that_failed_says_nothing_of_what_is_there(names: NameServer, says: dns.rcode.Rcode) -> None:
    names.says = says
    with pytest.raises(LookupFailed):
        await texts_of(NAME)


async def test_a_silent_server_is_waited_for_shortly(names: NameServer) -> None:
    names.silent = True
    began = time.monotonic()
    with pytest.raises(LookupFailed):
        await texts_of(NAME)
    assert time.monotonic() - began < promised(2 * PATIENCE_SECONDS)


async def test_nobody_at_the_address_is_no_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    ask_servers([("127.0.0.1", port)])
    with pytest.raises(LookupFailed):
        await texts_of(NAME)
    ask_servers(())


async def test_of_many_and_long_texts_some_are_read_to_some_length(names: NameServer) -> None:
    names.texts[NAME] = [str(nr) for nr in range(MOST_VALUES + 5)]
    assert len(await texts_of(NAME)) == MOST_VALUES
    names.texts[NAME] = ["y" * (LONGEST + 200)]
    assert await texts_of(NAME) == ["y" * LONGEST]


async def test_what_doesn_t_fit_into_a_datagram_is_no_answer(names: NameServer) -> None:
    names.texts[NAME] = [f"{nr:05}" * 40 for nr in range(200)]
    with pytest.raises(LookupFailed):
        await texts_of(NAME)


async def test_signs_that_can_t_be_shown_are_not(names: NameServer) -> None:
    names.texts[NAME] = [r"a\007b\010\255"]
    assert await texts_of(NAME) == ["a�b��"]


async def test_a_name_that_can_t_be_one_is_not_asked_for(names: NameServer) -> None:
    for name in ("a" * 70 + ".example", "b." * 130 + "example"):
        with pytest.raises(LookupFailed):
            await texts_of(name)
    assert names.asked == []


@pytest.mark.parametrize(
    ("written", "server"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_a_server_is_written_by_its_address(written: str, server: tuple[str, int]) -> None:
    assert server_of(written) == server


@pytest.mark.parametrize("written", ["ns.firm.example", "192.0.2.53:dns", ":53", "192.0.2.53:0", "192.0.2.53:70000"])
def test_what_is_no_address_is_no_server(written: str) -> None:
    with pytest.raises(ValueError, match=r"port|IPv|invalid literal"):
        server_of(written)
