"""Streams: what a live part of a page listens to."""

from collections.abc import Iterable
from uuid import UUID

from people.actors import Actor

ROOMS_AT_MOST = 24


def streams_of(actor: Actor, room_ids: Iterable[UUID]) -> str:
    """These are the streams in which a page about rooms can change, for the element ``<live-part>``.

    Managers hear of their whole business in one stream; everyone else from each room that the page shows.
    """
    if actor.kind == "admin":
        return "person business"
    return " ".join(["person", *(f"room:{id}" for id in list(room_ids)[:ROOMS_AT_MOST])])
