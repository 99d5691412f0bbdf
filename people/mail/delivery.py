"""Delivery: what a worker does with a queued letter.

The letter is claimed in one transaction, posted, and settled in another: a mail server may take its time. A worker that
is killed in between leaves the claim, which the next one waits out. What the server took just before is then sent
again, under the same Message-ID; there is no way to ask a mail server whether it has a letter.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from people.accounts import Account
from people.businesses import Business
from people.installations import installation
from people.mail.kinds import MailKind
from people.mail.letters import Letter, tell
from people.mail.links import make_link, subject_open
from people.mail.mail_settings import MAIL_TEST, mail_server
from people.mail.smtp import Mail, MailServer, NotPosted, post
from people.parties import Party
from store.database import Database, Transaction
from store.errors import Unavailable, _
from store.jobs import Again
from store.scopes import EVERYWHERE
from store.secrets.ciphers import Unreadable

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""How long a letter waits after each failed try: eight tries within a day."""

SETTLING = (0.5, 1, 2, 5, 10, 20, 20)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a letter is drawn from."""

    kind: MailKind
    language: str
    time_zone: str
    to_name: str
    business: str
    site: str
    """Where people reach the hub, such as ``https://atrium.example``."""
    product: str
    params: dict[str, Any]
    link: str | None
    """The address with the secret, of a letter that has one."""
    now: datetime


@dataclass(frozen=True, slots=True)
class Drawn:
    subject: str
    text: str
    html: str


Draw = Callable[[Drawing], Drawn]


class MailSender:
    """Sends letters of these kinds; ``draw`` makes their words, ``site`` is where links lead unless the installation
    says where.
    """

    def __init__(self, database: Database, kinds: Mapping[str, MailKind], draw: Draw, site: str) -> None:
        self._database = database
        self._kinds = kinds
        self._draw = draw
        self._site = site

    async def send(self, letter_id: str, turn: int) -> None:
        """Send a letter, if it is still to be sent.

        Raises:
            Again: it is to be tried later.
        """
        async with self._database.transaction(EVERYWHERE) as tx:
            claimed = await self._claimed(tx, UUID(letter_id), turn)
        if claimed is None:
            return
        letter, server, drawing = claimed
        failure: NotPosted | None = None
        try:
            if server is None:
                raise NotPosted(_("The mail server's password can no longer be read. Please enter it again."))
            drawn = self._draw(drawing)
            await post(server, _mail(letter, drawing, drawn))
        except NotPosted as refused:
            failure = refused
        await self._settle(letter, failure)

    async def _claimed(
        self, tx: Transaction, letter_id: UUID, turn: int
    ) -> tuple[Letter, MailServer | None, Drawing] | None:
        """A letter that is ours to send now, by which server, and what it is drawn from."""
        letter = await tx.get(Letter, letter_id, lock=True)
        if letter is None or letter.state != "queued" or letter.turn != turn:
            return None
        if until := letter.claimed_until(tx.now):
            raise Again(until - tx.now)
        try:
            server = await mail_server(tx)
        except Unreadable:
            server = None
        else:
            if server is None:
                tell(tx, letter)
                return None
        drawing = await self._drawing(tx, letter)
        if drawing is None:
            letter.state, letter.params = "withdrawn", {}
            tell(tx, letter)
            return None
        letter.tried_at, letter.error = tx.now, None
        letter.tries += 1
        return letter, server, drawing

    async def _drawing(self, tx: Transaction, letter: Letter) -> Drawing | None:
        """What a letter is drawn from now; None when there is nobody, or nothing, to write of any more."""
        time_zone = "UTC"
        if letter.person_id is not None:
            person, account = await tx.get(Party, letter.person_id), await tx.get(Account, letter.person_id)
            if person is None or person.email is None:
                return None
            letter.email, letter.name = person.email, person.name
            if account is not None:
                letter.language, time_zone = account.language, account.time_zone
        settings = await installation(tx)
        site = settings.address or self._site
        kind = self._kinds[letter.kind]
        purpose, link = kind.link, None
        if purpose is not None:
            subject_id = UUID(letter.params[f"{purpose}_id"])
            if not await subject_open(tx, purpose, subject_id):
                return None
            secret = await make_link(tx, purpose, subject_id, letter.business_id)
            link = f"{site}/{purpose}/{secret}"
        business = await tx.get(Business, letter.business_id) if letter.business_id else None
        return Drawing(
            kind=kind,
            language=letter.language,
            time_zone=time_zone,
            to_name=letter.name,
            business=business.name if business else "",
            site=site,
            product=settings.name,
            params=letter.params,
            link=link,
            now=tx.now,
        )

    async def _settle(self, letter: Letter, failure: NotPosted | None) -> None:
        """Write down how it went, however long the database is away meanwhile: forgotten, it would be sent twice."""
        for pause in (*SETTLING, None):
            try:
                async with self._database.transaction(EVERYWHERE) as tx:
                    again = await _settled(tx, letter.id, letter.turn, failure)
                break
            except Unavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        if again is not None:
            raise Again(again)


async def _settled(tx: Transaction, letter_id: UUID, turn: int, failure: NotPosted | None) -> timedelta | None:
    letter = await tx.get(Letter, letter_id, lock=True)
    if letter is None:
        return None
    if failure is None:
        letter.state, letter.sent_at, letter.error, letter.params = "sent", tx.now, None, {}
        tell(tx, letter)
        return None
    if letter.turn != turn:
        return None
    letter.error = str(failure)[:500]
    last = failure.final or letter.kind == MAIL_TEST.name or letter.tries > len(PAUSES)
    if last:
        letter.state = "failed"
    tell(tx, letter)
    return None if last else PAUSES[letter.tries - 1]


def _mail(letter: Letter, drawing: Drawing, drawn: Drawn) -> Mail:
    return Mail(
        id=str(letter.id),
        to_email=letter.email,
        to_name=letter.name,
        subject=drawn.subject,
        text=drawn.text,
        html=drawn.html,
        language=letter.language,
        at=drawing.now,
    )
