"""Updates: the database's migrations, run from a page after a backup, and the journal of such runs.

What is pending, and the running itself, is the hub's (``hub.operations.updates``): it is told by the event.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.installation.events import UpdateChanged
from people.installation.forms import UpdateForm
from people.installations import installation_stream, must_run_it
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, _
from store.own_rows import change
from store.rows import Row

SILENT = timedelta(seconds=60)
"""A run of which nothing was heard for so long died with its hub."""


class Update(Row):
    """A run: waiting, backing_up, verifying, migrating, and then done or failed."""

    __tablename__ = "updates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Text)
    from_revision: Mapped[str] = mapped_column(Text)
    to_revision: Mapped[str] = mapped_column(Text)
    backup: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)


class RunUpdate(Command, touches="installation", needs="superadmin", area="installation"):
    pass


class UpdateRuns(Conflict):
    code = "update_runs"
    message = _("An update is already running.")


async def run_update(tx: Transaction, actor: Actor, command: RunUpdate) -> UpdateForm:
    """Back up the database and the files, look whether the backup is whole, and run the pending migrations.

    Raises:
        UpdateRuns: one is at it.
    """
    silent = update(Update).where(Update.ended_at.is_(None), Update.beat_at < tx.now - SILENT)
    await tx.execute(silent.values(state="failed", ended_at=tx.now, said="The hub stopped meanwhile."))
    row = Update(
        id=tx.new_id(),
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=tx.now,
        beat_at=tx.now,
        state="waiting",
        from_revision="",
        to_revision="",
        backup="",
        said="",
    )
    async with tx.refusing("uq_updates_running", UpdateRuns()):
        tx.add(row)
    form = UpdateForm.model_validate(row)
    tx.record(installation_stream(), UpdateChanged(update=form), by=actor.id)
    return form


async def note_progress(tx: Transaction, update_id: UUID, **facts: str) -> bool:
    """Note how far a run has come, and tell it; False when it was given up meanwhile. ``state`` may be its last."""
    row = await tx.get(Update, update_id, lock=True)
    if row is None or row.ended_at is not None:
        return False
    change(row, facts)
    row.beat_at = tx.now
    row.ended_at = tx.now if row.state in ("done", "failed") else None
    if facts:
        tx.record(installation_stream(), UpdateChanged(update=UpdateForm.model_validate(row)), by=row.asked_by)
    return True


async def begin_update(tx: Transaction, update_id: UUID) -> bool:
    """Take a run that waits; False when another node has."""
    row = await tx.get(Update, update_id, lock=True)
    if row is None or row.state != "waiting":
        return False
    return await note_progress(tx, update_id, state="backing_up")


async def updates(tx: Transaction, actor: Actor) -> list[Update]:
    """These are the last runs, the newest first.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    return list(await tx.scalars(select(Update).order_by(Update.asked_at.desc()).limit(50)))
