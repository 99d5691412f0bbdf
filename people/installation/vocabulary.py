"""The vocabulary: every text of the interface, in each language; what an installation says otherwise than Atrium does.

Texts are known by their English form. Which there are, the web says (``offer``): it has the catalogues.
"""

import codecs
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, PrivateAttr
from sqlalchemy import Text as SqlText
from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.installation import po_files
from people.installation.events import WordingsChanged
from people.installation.interface_texts import Forms, texts
from people.installation.wording_rules import Fault, faults_of, forms_wanted, plural_forms
from people.installations import installation_stream
from people.languages import Language
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Invalid, _
from store.rows import Row
from store.sandboxes.sandboxes import Lane, TooCostly
from store.texts.texts import AsTyped, Lines

PO_LENGTH = 900_000
LINES_NAMED = 12
HEAD_BYTES = 4096
CHARSET = re.compile(rb"charset=([\w.:-]+)", re.IGNORECASE)
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
Message = tuple[int, str, Forms]
"""A text of a file: its line, its English form and its translations."""


class Wording(Row):
    """What this installation says instead of a text."""

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("language", "text", name="uq_wordings_language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(SqlText)
    text: Mapped[str] = mapped_column(SqlText)
    forms: Mapped[list[str]] = mapped_column(ARRAY(SqlText))
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class ChangeWording(Command, touches="installation", needs="superadmin", area="installation"):
    language: Language
    english: Lines = Field(min_length=1, max_length=4000)
    """The text's English form, singular where there are two."""
    forms: list[Lines] = Field(min_length=1, max_length=6)
    """The text, or its plural forms in the order of gettext."""


async def change_wording(tx: Transaction, actor: Actor, command: ChangeWording) -> None:
    """Say a text otherwise in a language.

    Raises:
        Invalid: there is no such text, or a form lacks one of its blanks, or has a sign that would break a page.
    """
    text = texts().get(command.english)
    if text is None:
        raise Invalid(fields={"english": _("There is no such text.")})
    for number, fault in faults_of(text, command.language, command.forms):
        raise Invalid(fields={"forms" if number is None else f"forms.{number}": fault.said}, **fault.params)
    if await _say(tx, actor, command.language, {text.text: tuple(command.forms)}):
        tx.record(installation_stream(), WordingsChanged(language=command.language, count=1), by=actor.id)


class ResetWording(Command, touches="installation", needs="superadmin", area="installation"):
    language: Language
    english: Lines = Field(min_length=1, max_length=4000)


async def reset_wording(tx: Transaction, actor: Actor, command: ResetWording) -> None:
    """Say a text in a language as Atrium does."""
    gone = await tx.scalar(
        delete(Wording)
        .where(Wording.language == command.language, Wording.text == command.english)
        .returning(Wording.id)
    )
    if gone is not None:
        tx.record(installation_stream(), WordingsChanged(language=command.language, count=1), by=actor.id)


class ImportWordings(Command, touches="installation", needs="superadmin", area="installation"):
    language: Language
    po: AsTyped = Field(min_length=1, max_length=PO_LENGTH)
    """A file of gettext's form, .po."""
    _read: tuple[list[Message], int] | None = PrivateAttr(None)

    async def messages(self, actor: Actor) -> tuple[list[Message], int]:
        """This is what the file says, read once: of each of our texts the line, the English form and the translations;
        and how many other texts it has.

        Raises:
            Invalid: it isn't such a file.
        """
        if self._read is None:
            self._read = await _messages(actor, self)
        return self._read


class ImportedWordings(BaseModel):
    """What came of an import."""

    changed: int
    same: int
    unknown: int
    """Texts that this version doesn't have; they were left aside."""


async def read_wordings(_database: Database, actor: Actor, command: ImportWordings) -> None:
    """Read a file before the transaction begins."""
    await command.messages(actor)


async def import_wordings(tx: Transaction, actor: Actor, command: ImportWordings) -> ImportedWordings:
    """Take over a language's texts from a file; whole or, when a line of it can't be so, not at all.

    Raises:
        Invalid: it isn't such a file, or a text of it can't be so; it names the lines.
    """
    known, said = texts(), dict[str, Forms]()
    faulty: list[tuple[int, Fault]] = []
    messages, unknown = await command.messages(actor)
    for line, id, forms in messages:
        if any(forms):
            faulty += [(line, fault) for _nr, fault in faults_of(known[id], command.language, forms)]
            said[id] = forms
    if faulty:
        raise _at_lines(faulty)
    changed = await _say(tx, actor, command.language, said)
    if changed:
        tx.record(installation_stream(), WordingsChanged(language=command.language, count=changed), by=actor.id)
    return ImportedWordings(changed=changed, same=len(said) - changed, unknown=unknown)


def po_text(content: bytes) -> str:
    """This is what a .po file says, in the encoding that its mark or its head names, which is UTF-8 where neither does.

    Raises:
        Invalid: it isn't in that encoding, or there is no such.
    """
    named = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    if named is None:
        found = CHARSET.search(content[:HEAD_BYTES])
        named = found[1].decode() if found and found[1] != b"CHARSET" else "utf-8"
    try:
        text = content.decode(named)
    except (LookupError, ValueError) as error:
        fault = {
            "po": _("This isn't text in the encoding %(encoding)s. Save the file as UTF-8 and set that in its header.")
        }
        raise Invalid(fields=fault, encoding=named) from error
    return text


async def _messages(actor: Actor, command: ImportWordings) -> tuple[list[Message], int]:
    try:
        came, found = await _readers.run(po_files.read, command.po, command.language, frozenset(texts()), turn=actor.id)
    except TooCostly as error:
        raise Invalid(fields={"po": _("This file is too large.")}) from error
    match came:
        case "read":
            messages, unknown = found
            return messages, unknown
        case "forms":
            raise _at_lines([(found, forms_wanted(plural_forms(command.language)))])
        case "line":
            raise Invalid(fields={"po": _("Line %(line)s can't be read.")}, line=found)
    raise Invalid(fields={"po": _("This isn't a gettext file (.po).")})


_readers = Lane("po_files", cpu_seconds=20, memory_bytes=1 << 30, loads=("people.installation.po_files",))


def _at_lines(faulty: "Sequence[tuple[int, Fault]]") -> Invalid:
    """The refusal that names the lines of the first kind of fault; the others show when these are mended."""
    first = faulty[0][1]
    lines = sorted({line for line, fault in faulty if fault == first})[:LINES_NAMED]
    named = ", ".join(map(str, lines))
    return Invalid(fields={"po": first.in_file}, lines=named, **first.params)


async def _say(tx: Transaction, actor: Actor, language: str, said: Mapping[str, Forms]) -> int:
    """Keep what is said otherwise than before, and only what Atrium doesn't say so; this is how many were changed."""
    known = texts()
    before = {
        row.text: tuple(row.forms)
        for row in await tx.scalars(select(Wording).where(Wording.language == language).with_for_update())
    }
    as_shipped = {
        text: known[text].shipped.get(language, known[text].english if language == "en" else ()) for text in said
    }
    changed = {text: forms for text, forms in said.items() if forms != before.get(text, as_shipped[text])}
    gone = [text for text, forms in changed.items() if forms == as_shipped[text]]
    if gone:
        await tx.execute(delete(Wording).where(Wording.language == language, Wording.text.in_(gone)))
    rows = [
        {"id": tx.new_id(), "language": language, "text": text, "forms": list(forms)}
        | {"changed_by": actor.id, "changed_at": tx.now}
        for text, forms in changed.items()
        if text not in gone
    ]
    if rows:
        new = insert(Wording)
        fresh = {name: getattr(new.excluded, name) for name in ("forms", "changed_by", "changed_at")}
        await tx.execute(new.on_conflict_do_update(constraint="uq_wordings_language", set_=fresh), rows)
    return len(changed)


async def wordings(tx: Transaction) -> dict[str, dict[str, Forms]]:
    """This is what the installation says otherwise, by language and text, in as many forms as the language has now."""
    found: dict[str, dict[str, Forms]] = {}
    for row in await tx.execute(select(Wording.language, Wording.text, Wording.forms)):
        found.setdefault(row.language, {})[row.text] = _forms_of_now(row.language, row.text, tuple(row.forms))
    return found


def _forms_of_now(language: str, text: str, forms: Forms) -> Forms:
    """A counted text in the forms of today: in another version of Babel a language may have had fewer or more.

    They are gained and lost between the first, which is for one, and the last, which is for most numbers.
    """
    known = texts().get(text)
    if known is None or known.plural is None:
        return forms
    first = forms[: plural_forms(language) - 1]
    return (*first, *forms[-1:] * (plural_forms(language) - len(first)))


# What a translation must keep
