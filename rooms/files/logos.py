"""Logos: the picture by which a business is known, kept among its blobs as a PNG that was drawn anew here."""

from collections.abc import AsyncIterator
from datetime import timedelta

from people.actors import Actor
from people.forms import BusinessForm
from people.profiles import own_business, set_logo, tell_business_changed
from rooms.files.garbage import discard, hold
from rooms.files.previews import redrawn
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, TooLarge, _
from store.files.blobs import Blobs

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
        before = (await own_business(tx, actor, lock=True)).logo
        form = await set_logo(tx, actor, blob.digest)
        if before not in (None, blob.digest):
            await discard(tx, actor.business_id, [before])
        return form


class RemoveLogo(Command, touches="work", needs="admin", area="business"):
    pass


async def remove_logo(tx: Transaction, actor: Actor, command: RemoveLogo) -> BusinessForm:
    """Take your business's logo away. Its admins do; without one this changes nothing."""
    business = await own_business(tx, actor, lock=True)
    before, business.logo = business.logo, None
    if before is not None:
        await discard(tx, business.id, [before])
    return await tell_business_changed(tx, actor, business, [] if before is None else ["logo"])


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
