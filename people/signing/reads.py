"""What is read of one's own sign-ins."""

from pydantic import BaseModel

from people.actors import Actor
from people.forms import DeviceForm, SessionForm
from people.signing.known_devices import own_devices
from people.signing.sessions import sessions as own_sessions
from store.database import Transaction
from store.reads import read


class Sessions(BaseModel):
    sessions: list[SessionForm]
    devices: list[DeviceForm]


@read("/sessions")
async def sessions(tx: Transaction, actor: Actor) -> Sessions:
    """My own sign-ins, and the browsers that are known as mine."""
    known = await own_devices(tx, actor)
    return Sessions(sessions=await own_sessions(tx, actor), devices=known)


READS = (sessions,)
