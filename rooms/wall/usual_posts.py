"""The usual message, posted in one round trip to the database."""

from people.actors import Actor
from rooms.lenses import audience_for, lens_of
from rooms.wall.addressees import addresses
from rooms.wall.events import MessagePosted
from rooms.wall.forms import MessageForm
from rooms.wall.messages import PostMessage
from store.commands import Done
from store.database import Database, to_json
from store.driver import Clashed
from store.errors import Invalid
from store.ids import new_id
from store.keys import KeyClaim
from store.streams import Signature, StoredEvent
from store.texts.folding import folded
from store.texts.texts import is_seen


async def post_at_once(database: Database, actor: Actor, command: PostMessage, claim: KeyClaim | None) -> Done | None:
    """The usual message: of a member, in their own hand, without files or mentions, in a room that isn't archived."""
    if not is_seen(command.body) or command.attachments or addresses(command.body) or actor.hand is not None:
        return None
    now, lens, stream = database.clock(), lens_of(actor), f"room:{command.room_id}"
    try:
        audience = "all" if lens == "client" else command.audience
        form = MessageForm(
            id=new_id(now),
            author_id=actor.id,
            body=command.body,
            html=command.html,
            audience=audience_for(lens, command.audience, "all"),
            attachments=[],
            posted_at=now,
            edited_at=None,
        )
        message = form.model_dump(mode="json")
        key, digest = (claim.key, claim.digest) if claim else (None, None)
        rows = await database.driver.rows(
            _POST, actor.id, command.room_id, actor.business_id, audience, form.id, form.body, form.html, now,
            to_json(message).decode(), stream, key, digest, folded(form.body), within=actor.within,
        )  # fmt: skip
    except (Clashed, Invalid):
        return None
    if not rows:
        return None
    message["audience"] = rows[0]["audience"]
    place = rows[0]["epoch"], rows[0]["head"]
    event = StoredEvent(
        stream, *place, MessagePosted.wire_name, message["audience"], Signature(actor.id), now, {"message": message}
    )
    return Done(message, [event])


# The door, the log's head (whose lock orders all that follows), the message, its event and the key's answer.
_POST = """
with seen as (
    select coalesce($4, room.default_audience) as audience
    from rooms as room
    join members as member on member.room_id = room.id and member.person_id = $1 and member.left_at is null
    where room.id = $2 and room.business_id = $3 and room.archived_at is null
), placed as (
    update logs set head = head + 1 from seen where stream = $10 returning epoch, head, seen.audience
), formed as (
    select epoch, head, audience, $9::jsonb || jsonb_build_object('audience', audience) as form from placed
), message as (
    insert into messages
        (id, business_id, room_id, author_id, body, body_folded, html, audience, attachments, posted_at)
    select $5, $3, $2, $1, $6, $13, $7, audience, '{}', $8 from placed
), event as (
    insert into events (stream, "offset", recorded_at, business_id, name, audience, actor_id, subject_id, body)
    select $10, head, $8, $3, 'message.posted', audience, $1, $5, jsonb_build_object('message', form) from formed
), kept as (
    insert into idempotency_keys (person_id, key, business_id, digest, answer, used_at)
    select $1, $11, $3, $12, jsonb_build_object(
        'result', form, 'at', jsonb_build_object('stream', $10::text, 'epoch', epoch, 'offset', head)
    ), $8 from formed where $11::text is not null
)
select epoch, head, audience from placed
"""
