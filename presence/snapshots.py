"""Snapshots: only the nodes know who is here, so what is read of the database shows nobody."""

from typing import Any

from presence.forms import PresenceForm
from rooms.announcements import RoomShown
from store.database import Transaction


async def show_nobody(_tx: Transaction, _shown: RoomShown) -> dict[str, Any]:
    """Nobody is here, until a node says who is."""
    return {PresenceForm.things: []}
