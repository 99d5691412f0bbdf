"""Letters' headers: read as they were meant, whatever names and subjects hold, and none but our own."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.mail.headers import BadHeader, header, one_line
from people.mail.smtp import Mail, MailServer, NotPosted, message, post
from tests.mail import mail_server

OURS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language",
    "MIME-Version", "Content-Type",
]  # fmt: skip
BENT = "=?utf-8?q?=0d=0aContent-Type:text/html=0d=0a=0d=0a<h1>Pay here</h1>?="
LONG = "Atelier Nord, Birou de proiectare și urbanism, Consultanță, Execuție, Înscrieri, Filiala „București”, et al."
SHAPES = (
    BENT,
    f"Nord {BENT} SRL",
    "=?utf-8?b?DQpYLUJlbnQ6IHllcw==?=",
    "Nord\r\nBcc: all@firm.example",
    "Nord\r\n\r\n<h1>Pay here</h1>",
    "Nord\u2028Bcc: all@firm.example",
    "Nord\x85X: y",
    "=?utf-8?q?",
    "?=",
    LONG,
    "Atelier, SRL, " * 8,
    "Київська міська агенція, відділ реєстрації, дуже довга назва організації",
    'The "Nord" \\ Bakery <office@nord.example>',
    "(a comment)",
    "a@b.example, c@d.example",
    "x" * 300,
    "ș" * 120,
    "🏳️‍🌈 " * 20,
    "  two  blanks  ",
    "",
)


def mail(name: str, subject: str, to: str = "ion@știri.example") -> Mail:
    return Mail("01", to, name, subject, "Words.\n", "<p>Words.</p>", "ro", datetime(2026, 11, 29, tzinfo=UTC))


def server(name: str, port: int = 25, sender: str = "hub@știri.example") -> MailServer:
    return MailServer("127.0.0.1", port, "none", "", "", sender, name)


def read(written: bytes) -> dict[str, str]:
    """The headers of a message, unfolded and decoded as RFC 2047 has it."""
    parsed = message_from_bytes(written, policy=compat32)
    return {name: "".join(value.splitlines()) for name, value in parsed.items()}


def decoded(text: str) -> str:
    return str(make_header(decode_header(text)))


def must_be_read_as_meant(written: bytes, name: str, to_name: str, subject: str) -> None:
    head = written.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    found = read(written)
    assert list(found) == OURS
    assert message_from_bytes(written, policy=default).get_content_type() == "multipart/alternative"
    for field, meant, address in (("From", name, "hub"), ("To", to_name, "ion")):
        shown, mailbox = parseaddr(found[field])
        assert mailbox == f"{address}@xn--tiri-pxb.example"
        assert decoded(shown) == one_line(meant)
    assert decoded(found["Subject"]) == one_line(subject)


@pytest.mark.parametrize("shape", SHAPES)
def test_names_and_subjects_are_read_as_they_were_meant(shape: str) -> None:
    must_be_read_as_meant(message(server(shape), mail(shape, shape)), shape, shape, shape)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.lists(
    st.sampled_from(
        ["=?utf-8?q?=0d=0aX:_y?=", "=?", "?=", "\r\n", ",", '"', "\\", " ", "Nord", "Știri", "<a@b>", "\x00"]
    )
).map("".join)


@given(NAMES, NAMES, NAMES)
def test_whatever_they_hold(name: str, to_name: str, subject: str) -> None:
    must_be_read_as_meant(message(server(name), mail(to_name, subject)), name, to_name, subject)


@pytest.mark.parametrize(
    "name", ["Atelier, înscrieri", "Atelier Nord, Birou de proiectare, Execuție, Filiala Cluj-Napoca"]
)
def test_a_name_with_commas_keeps_them_in_every_program(name: str) -> None:
    parsed = message_from_bytes(message(server(name), mail("Ion", "Hello")), policy=default)
    assert [each.display_name for each in parsed["From"].addresses] == [name]
    assert not parsed["From"].defects


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x00", "\x7f", "\x85", "ș", "\r\n\r\n", "\r\n\t"])
def test_a_header_with_another_sign_is_never_written(sign: str) -> None:
    with pytest.raises(BadHeader):
        header("Subject", f"a{sign}b")
    header("Subject", "a b")


async def test_a_real_server_reads_the_same(subtests: pytest.Subtests) -> None:
    async with mail_server() as posted:
        for shape in SHAPES:
            with subtests.test(shape):
                await post(server(shape, posted.port), mail(shape, shape))
                must_be_read_as_meant(posted.received[-1], shape, shape, shape)


async def test_a_domain_of_other_letters_goes_in_plain_ones() -> None:
    async with mail_server() as posted:
        for spelling in ("ion@știri.example", "ion@xn--tiri-pxb.example"):
            await post(server("Hub", posted.port), mail("Ion", "Hello", to=spelling))
        assert [letter["To"] for letter in posted.letters] == ["Ion <ion@xn--tiri-pxb.example>"] * 2


@pytest.mark.parametrize("offered", [True, False])
async def test_other_letters_before_the_at_sign_go_where_the_server_takes_them(offered: bool) -> None:
    async with mail_server(utf8=offered) as posted:
        letter = mail("Ștefan", "Hello", to="ștefan@exemplu.example")
        if offered:
            await post(server("Hub", posted.port), letter)
            assert b"<\xc8\x99tefan@exemplu.example>" in posted.received[0]
        else:
            with pytest.raises(NotPosted) as refused:
                await post(server("Hub", posted.port), letter)
            assert refused.value.final
            assert "SMTPUTF8" in str(refused.value)
            await post(server("Hub", posted.port), mail("Ștefan", "Hello", to="stefan@exemplu.example"))
