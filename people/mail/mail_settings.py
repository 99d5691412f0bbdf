"""Mail settings: by which server letters are sent. Until there is one, letters wait."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import SmallInteger, Text, select
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.installations import installation_stream, must_run_it
from people.mail.events import MailSettingsChanged
from people.mail.forms import LetterForm, MailSettingsForm, Security
from people.mail.kinds import mail_kind
from people.mail.letters import Letter, send_anew, send_letter
from people.mail.smtp import MailServer
from people.mailboxes import Email
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.own_rows import change
from store.rows import Row
from store.secrets.ciphers import Sealed, cipher
from store.texts.texts import AsTyped

MAIL_TEST = mail_kind("mail_test", _("Mail settings test"), _("Test"), "by")

ITSELF = UUID(int=2)
WORTH_SENDING = timedelta(days=7)
"""What waits for longer isn't sent by itself when a server is named at last: it is no news any more."""


class MailSettings(Row):
    """The one row of settings; there is none until they are made."""

    __tablename__ = "mail_settings"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1)
    server: Mapped[str] = mapped_column(Text)
    port: Mapped[int]
    security: Mapped[str] = mapped_column(Text)
    username: Mapped[str] = mapped_column(Text)
    password: Mapped[bytes | None] = mapped_column(Sealed)
    sender_email: Mapped[str] = mapped_column(Text)
    sender_name: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class ChangeMailSettings(Command, touches="sign_in", needs="superadmin"):
    server: str = Field("", max_length=253)
    """The mail server's name; empty for none: letters wait then."""
    port: int = Field(587, ge=1, le=65535)
    security: Security = "starttls"
    username: str = Field("", max_length=200)
    password: AsTyped = Field("", max_length=200)
    """Empty leaves it as it is; without a user name there is none."""
    sender_email: Email | None = None
    sender_name: str = Field("Atrium", max_length=120)


async def change_mail_settings(tx: Transaction, actor: Actor, command: ChangeMailSettings) -> MailSettingsForm:
    """Say by which server letters are sent. What waits is tried at once.

    Raises:
        Invalid: a server is named without the address that letters come from.
    """
    if command.server and command.sender_email is None:
        raise Invalid(fields={"sender_email": _("This is required.")})
    row = await _row(tx)
    kept = command.model_dump(exclude={"password"}) | {"sender_email": command.sender_email or ""}
    change(row, kept | {"changed_at": tx.now})
    if not command.username:
        row.password = None
    elif command.password:
        row.password = cipher().encrypt(command.password)
    form = _form(row)
    tx.record(installation_stream(), MailSettingsChanged(mail_settings=form), by=actor.id)
    if row.server:
        await _send_waiting(tx)
    return form


async def _row(tx: Transaction) -> MailSettings:
    none: dict[str, Any] = {
        "server": "", "port": 587, "security": "starttls", "username": "", "sender_email": "", "sender_name": "",
    }  # fmt: skip
    await tx.execute(insert(MailSettings).values(id=1, changed_at=tx.now, **none).on_conflict_do_nothing())
    row = await tx.get(MailSettings, 1, lock=True)
    assert row is not None
    return row


async def _send_waiting(tx: Transaction) -> None:
    waiting = await tx.scalars(select(Letter).where(Letter.state == "queued").with_for_update())
    for letter in waiting:
        if letter.claimed_until(tx.now):
            continue
        if letter.queued_at > tx.now - WORTH_SENDING:
            await send_anew(tx, letter)
        else:
            letter.state, letter.error = "failed", _("It waited more than a week for a mail server.")


class SendTestLetter(Command, touches="installation", needs="superadmin", area="installation"):
    email: Email | None = None
    """To whom; by default to yourself."""


async def send_test_letter(tx: Transaction, actor: Actor, command: SendTestLetter) -> LetterForm:
    """Send a letter to try the mail settings. It is tried once; how it went is in its state.

    Raises:
        Conflict: no mail server is set.
    """
    if not await mail_works(tx):
        raise NoMailServer()
    to: dict[str, Any] = {"to_email": command.email, "language": actor.language}
    letter_id = await send_letter(tx, MAIL_TEST, by=actor, **(to if command.email else {"to_person_id": actor.id}))
    assert letter_id is not None
    letter = await tx.get(Letter, letter_id)
    return LetterForm.model_validate(letter)


class NoMailServer(Conflict):
    code = "no_mail_server"
    message = _("No mail server is set up yet.")


async def mail_works(tx: Transaction) -> bool:
    """Whether a mail server is set, as far as letters can be sent at all. Every business may know this."""
    return bool(await tx.scalar(select(sql.mail_is_set())))


async def mail_settings(tx: Transaction, actor: Actor) -> MailSettingsForm:
    """These are the mail settings.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    return _form(await tx.get(MailSettings, 1))


async def mail_server(tx: Transaction) -> MailServer | None:
    """This is the server to send by, or None while none is set.

    Raises:
        Unreadable: its password was encrypted with another key.
    """
    row = await tx.get(MailSettings, 1)
    if row is None or not row.server:
        return None
    return MailServer(
        server=row.server,
        port=row.port,
        security=row.security,
        username=row.username,
        password=cipher().decrypt(row.password) if row.password else "",
        sender_email=row.sender_email,
        sender_name=row.sender_name,
    )


def _form(row: MailSettings | None) -> MailSettingsForm:
    if row is None:
        return MailSettingsForm(
            id=ITSELF, server="", port=587, security="starttls", username="", has_password=False, sender_email="",
            sender_name="Atrium",
        )  # fmt: skip
    return MailSettingsForm.model_validate(
        {
            "id": ITSELF,
            "server": row.server,
            "port": row.port,
            "security": row.security,
            "username": row.username,
            "has_password": row.password is not None,
            "sender_email": row.sender_email,
            "sender_name": row.sender_name,
        }
    )
