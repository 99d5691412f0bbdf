"""Letters as they are kept: to whom, of which kind, and what came of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, cast, delete, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.installations import installation_stream
from people.mail.events import LetterChanged
from people.mail.forms import LetterForm
from people.mail.kinds import MailKind
from people.mailboxes import Mailbox
from people.parties import Party
from store.database import Transaction
from store.errors import NotFound, Quantity, TooMany, _
from store.jobs import defer
from store.rows import Row

KEPT = timedelta(days=90)
JUST_NOW = timedelta(seconds=30)
"""So long after a letter was sent nobody is sent the same again."""

CLAIM = timedelta(seconds=90)
"""So long a worker may take to send a letter; then it is taken for dead."""


class Letter(Row):
    """A letter: queued until it was sent, or the last try to send it failed, or what it tells of was withdrawn."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'failed', 'withdrawn')", name="state"),
        Index("ix_letters_queued_at", "queued_at"),
        Index("ix_letters_unsettled", "state", "queued_at", postgresql_where=text("state in ('queued', 'failed')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"), index=True)
    email: Mapped[str] = mapped_column(Mailbox)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What it says; nothing any more once it was sent or withdrawn, so that no name outlives its erasing there."""
    state: Mapped[str] = mapped_column(Text, default="queued")
    turn: Mapped[int] = mapped_column(default=1)
    """Which of its jobs may send it: trying again by hand makes a new one."""
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    """Why the latest try failed, in the mail server's words."""
    queued_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    def claimed_until(self, now: datetime) -> datetime | None:
        """Until when the worker that is sending it right now may take; None when none is."""
        under_way = self.state == "queued" and self.tried_at is not None and self.error is None
        until = self.tried_at + CLAIM if under_way and self.tried_at else None
        return until if until and until > now else None


async def send_letter(
    tx: Transaction,
    kind: MailKind,
    /,
    *,
    to_person_id: UUID | None = None,
    to_email: str | None = None,
    language: str = "en",
    **params: Any,
) -> UUID | None:
    """Queue a letter: a worker sends it once this transaction has committed.

    It goes to a person, in their language, or to an address that is nobody's, in the given one. Whoever has no e-mail
    (any more) gets none, and this is None; else it is the letter's id. Whom it names is given as they are, rather than
    by name, so that the letter knows who it is: another person may have that name, too.
    """
    assert not (wrong := set(params) ^ kind.params), f"{kind.name}: {wrong}"
    letter = Letter(
        id=tx.new_id(),
        email=to_email,
        name="",
        language=language,
        kind=kind.name,
        params=_kept(params) | _acted_by(tx),
        turn=1,
        queued_at=tx.now,
    )
    if to_person_id is not None:
        person, account = await _receiver(tx, to_person_id)
        if person.email is None:
            return None
        letter.person_id, letter.business_id = person.id, person.business_id
        letter.name, letter.email = person.name, person.email
        letter.language = account.language if account else language
    tx.add(letter)
    await _defer(tx, letter)
    return letter.id


def _acted_by(tx: Transaction) -> dict[str, str]:
    """Who really does what a letter tells of, where that is another than the one whom it names."""
    return {"acted_by": tx.acted_by["name"]} if tx.acted_by else {}


async def _receiver(tx: Transaction, person_id: UUID) -> tuple[Party, Account | None]:
    found = (
        await tx.execute(
            select(Party, Account).outerjoin(Account, Account.person_id == Party.id).where(Party.id == person_id)
        )
    ).first()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def _kept(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a letter says, as JSON can hold it; whoever is named, by name and identifier."""
    kept: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Actor | Party):
            kept |= {name: value.name, f"{name}_id": str(value.id)}
        else:
            kept[name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | list | None) else str(value)


async def _defer(tx: Transaction, letter: Letter) -> None:
    await defer(tx, "letter.send", letter_id=letter.id, turn=letter.turn)


async def send_anew(tx: Transaction, letter: Letter) -> None:
    """Queue a letter afresh, as if it had never been tried."""
    letter.state, letter.tries, letter.tried_at, letter.error = "queued", 0, None, None
    letter.turn += 1
    await _defer(tx, letter)


def tell(tx: Transaction, letter: Letter, by: UUID | None = None) -> LetterForm:
    """Tell superadmins how a letter is now."""
    form = LetterForm.model_validate(letter)
    tx.record(installation_stream(), LetterChanged(letter=form), by=by)
    return form


async def withdraw_letters(tx: Transaction, person_id: UUID, param: str, id: UUID) -> None:
    """Don't send someone what waits to tell of something that is no more, such as a withdrawn invitation."""
    await tx.execute(
        update(Letter)
        .where(Letter.person_id == person_id, Letter.state == "queued", Letter.params[param].astext == str(id))
        .values(state="withdrawn", params={})
        .execution_options(synchronize_session=False)
    )


class SentJustNow(TooMany):
    code = "sent_just_now"
    message = _("This was sent just now. It can be sent again %(soon)s.")

    def __init__(self, seconds: int) -> None:
        soon = Quantity("in %(count)s second", "in %(count)s seconds", seconds)
        super().__init__(retry_after_seconds=seconds, soon=soon)


def must_be_a_while_ago(tx: Transaction, sent_at: datetime) -> None:
    """Refuse to send somebody the same again at once, as by a second click.

    Raises:
        SentJustNow: it says when it can be.
    """
    left = ceil((sent_at + JUST_NOW - tx.now).total_seconds())
    if left > 0:
        raise SentJustNow(left)


async def forget_old(tx: Transaction) -> None:
    """Forget letters that were settled long ago, and what those said that won't be sent any more."""
    await tx.execute(delete(Letter).where(Letter.queued_at < tx.now - KEPT, Letter.state != "queued"))
    said = Letter.params != cast({}, JSONB)
    await tx.execute(update(Letter).where(Letter.state.in_(("sent", "withdrawn")), said).values(params={}))
