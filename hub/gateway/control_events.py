"""What the gateway itself tells a socket: that something it had open is open no longer."""

from typing import Literal

from store.events import Event


class RoomClosed(Event, stored=False):
    """You no longer see this room; nothing more of it is told."""

    reason: Literal["removed"]


class RoomReset(Event, stored=False):
    """You see this room otherwise than before: enter it anew."""

    reason: Literal["changed"]


class StreamClosed(Event, stored=False):
    """This stream is no longer yours; nothing more of it is told."""

    reason: Literal["removed"]


class StreamReset(Event, stored=False):
    """You see this stream otherwise than before: enter it anew."""

    reason: Literal["changed"]


class SessionEnded(Event, stored=False):
    """You are signed out; the connection closes."""
