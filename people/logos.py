"""Logos: the picture by which a business is known, kept among its blobs as a PNG that was drawn anew here."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select

from people.actors import Actor
from people.announcements import BusinessEnds
from people.businesses import Business
from people.forms import BusinessForm
from people.profiles import own_business, tell_business_changed
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, TooLarge, _
from store.files.blobs import Blobs
from store.files.garbage import BlobSought, discard, hold
from store.images.previews import redrawn

MOST_BYTES = 5 * 1024 * 1024
WIDTH, HEIGHT = 960, 480
_UNPLACED = timedelta(minutes=10)


async def keep_logo(database: Database, blobs: Blobs, actor: Actor, content: bytes) -> BusinessForm:
    """Make a picture the logo of the asker's business. Its admins do.

    Raises:
        Forbidden: the asker isn't an admin.
        TooLarge: it has more than five megabytes.
        Invalid: no browser would show it as a picture, on the field ``logo``.
    """
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    if len(content) > MOST_BYTES:
        raise TooLarge(_("A logo can be at most 5 MB."))
    drawn = await redrawn(content, WIDTH, HEIGHT, turn=actor.business_id)
    if drawn is None:
        raise Invalid(fields={"logo": _("This image can't be used. Use PNG, JPEG or WebP.")})
    blob = await blobs.put(actor.business_id, _one(drawn))
    async with database.asked_by(actor) as tx:
        await discard(tx, actor.business_id, [blob.digest], after=_UNPLACED)
    async with database.asked_by(actor) as tx:
        await hold(tx, blobs, actor.business_id, [blob.digest])
        return await _replace_logo(tx, actor, blob.digest)


class RemoveLogo(Command, touches="work", needs="admin", area="business"):
    pass


async def remove_logo(tx: Transaction, actor: Actor, command: RemoveLogo) -> BusinessForm:
    """Take your business's logo away. Its admins do; without one this changes nothing."""
    return await _replace_logo(tx, actor, None)


async def _replace_logo(tx: Transaction, actor: Actor, digest: str | None) -> BusinessForm:
    business = await own_business(tx, actor, lock=True)
    if business.logo == digest:
        return await tell_business_changed(tx, actor, business, [])
    if business.logo is not None:
        await discard(tx, business.id, [business.logo])
    business.logo = digest
    return await tell_business_changed(tx, actor, business, ["logo"])


async def logo_of(tx: Transaction, business_id: UUID) -> str | None:
    """This is the digest of a business's logo; None where it has none."""
    found: str | None = await tx.scalar(select(Business.logo).where(Business.id == business_id))
    return found


async def is_logo(_tx: Transaction, sought: BlobSought) -> ColumnElement[bool]:
    """Whether the blob is a logo."""
    return select(Business.id).where(Business.id == sought.business_id, Business.logo == sought.digest).exists()


async def discard_logo(tx: Transaction, ends: BusinessEnds) -> None:
    """Note the blob of a business's logo, before its rows go."""
    logo = await logo_of(tx, ends.business_id)
    if logo is not None:
        await discard(tx, ends.business_id, [logo])


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
