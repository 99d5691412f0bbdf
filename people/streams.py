"""The streams of what happens to people: a business's, and one person's own."""

from uuid import UUID

from people.actors import Actor
from store.streams import Stream


def business_stream(business_id: UUID) -> Stream:
    """This is the stream of what concerns a business's team as a whole."""
    return Stream("business", business_id, business_id)


def own_stream(person_id: UUID, business_id: UUID | None) -> Stream:
    """This is the stream of what concerns one person alone."""
    return Stream("person", person_id, business_id)


def person_stream(actor: Actor) -> Stream:
    """This is the stream of what concerns the asker alone."""
    return own_stream(actor.id, actor.home_business_id or actor.business_id)
