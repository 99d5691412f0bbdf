"""A real mail server for tests: takes letters, refuses them, or is down, as a test says.

async with mail_server() as mail:
    await mail.set_up(database)          # the hub sends by it
    ...
    letter = await mail.letter_to("ana@atelier.example")
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext
from typing import Any
from warnings import catch_warnings, simplefilter

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from people.actors import Actor
from people.mail.mail_settings import ChangeMailSettings, change_mail_settings
from store.database import Database
from store.ids import new_id
from tests.patience import PATIENT_SECONDS

USER, PASSWORD = "atrium", "a mail password"


class MailServer:
    """A mail server on this machine, which keeps what it is sent."""

    def __init__(
        self, *, tls: SSLContext | None = None, tls_at_once: bool = False, users: bool = False, utf8: bool = False
    ) -> None:
        self.letters: list[EmailMessage] = []
        self.received: list[bytes] = []
        """Those letters, as they came."""
        self.port = 0
        self.answer = "250 OK"
        """What it says to a letter; ``250`` takes it."""
        self.refused: dict[str, str] = {}
        """What it says to receivers, by address."""
        self.gate = asyncio.Event()
        """Until this is set a letter waits before it is taken."""
        self.gate.set()
        self.arrived = asyncio.Event()
        self._news = asyncio.Condition()
        self._tls = tls
        self._tls_at_once = tls_at_once
        self._users = users
        self._utf8 = utf8
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, on the port of before if there was one."""
        options: dict[str, Any] = {"hostname": "mail.example", "loop": asyncio.get_running_loop()}
        options |= {"enable_SMTPUTF8": self._utf8, "decode_data": False}
        if self._tls and not self._tls_at_once:
            options |= {"tls_context": self._tls, "require_starttls": True}
        if self._users:
            options |= {
                "authenticator": _authenticate,
                "auth_required": True,
                "auth_require_tls": "tls_context" in options,
            }
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _protocol(self, options), "127.0.0.1", self.port, ssl=self._tls if self._tls_at_once else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be down."""
        if self._server:
            self._server.close()
            self._server = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        self.arrived.set()
        await self.gate.wait()
        if self.answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=default)
            assert isinstance(letter, EmailMessage)
            async with self._news:
                self.letters.append(letter)
                self.received.append(envelope.content)
                self._news.notify_all()
        return self.answer

    async def set_up(self, database: Database, **settings: Any) -> None:
        """Have the hub send its letters by this server."""
        root = Actor(new_id(database.clock()), "superadmin", None, "Rada")
        named = {"server": "127.0.0.1", "port": self.port, "security": "none", "sender_email": "hub@atrium.example"}
        command = ChangeMailSettings.model_validate(named | settings)
        async with database.transaction("*") as tx:
            await change_mail_settings(tx, root, command)

    async def letter_to(self, email: str, *, number: int = 1, seconds: float = PATIENT_SECONDS) -> EmailMessage:
        """This is the letter to someone, the so-many-th, as soon as it is there."""

        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.letters_to(email)) >= number)
        return self.letters_to(email)[number - 1]

    def letters_to(self, email: str) -> list[EmailMessage]:
        """These are the letters to someone so far."""
        return [letter for letter in self.letters if email in letter["To"]]


def _protocol(handler: MailServer, options: dict[str, Any]) -> SMTP:
    with catch_warnings():
        simplefilter("ignore")  # of asking for passwords without TLS, as a server beside the hub may
        return SMTP(handler, **options)


def _authenticate(_server: object, _session: object, _envelope: object, _mechanism: str, login: Any) -> AuthResult:
    right = isinstance(login, LoginPassword) and (login.login, login.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def text_of(letter: EmailMessage) -> str:
    """This is a letter's plain text part."""
    part = letter.get_body(("plain",))
    assert part
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part
    return str(part.get_content())


def link_in(letter: EmailMessage) -> str:
    """This is the path of the link with the secret in a letter."""
    found = re.search(r"https?://[^/\s]+(/(?:invitation|reset|email|registration)/\S+)", text_of(letter))
    assert found, text_of(letter)
    return found[1]


@asynccontextmanager
async def mail_server(**options: Any) -> AsyncIterator[MailServer]:
    server = MailServer(**options)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
