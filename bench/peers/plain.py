"""python-socketio as it comes, for comparison: `python plain.py PORT`."""

import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import socketio
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])


@server.event  # type: ignore[untyped-decorator]
async def connect(sid: str, environ: dict[str, Any]) -> None:
    await server.save_session(sid, {"actor": str(uuid4())})


@server.on("room.enter")  # type: ignore[untyped-decorator]
async def enter(sid: str, ask: dict[str, Any]) -> dict[str, Any]:
    await server.enter_room(sid, ask["room_id"])
    return {"ok": True}


@server.on("signal.send")  # type: ignore[untyped-decorator]
async def send(sid: str, ask: dict[str, Any]) -> None:
    session = await server.get_session(sid)
    event = {
        "at": None,
        "stream": f"room:{ask['room_id']}",
        "room_id": ask["room_id"],
        "actor_id": session["actor"],
        "recorded_at": datetime.now(UTC).isoformat(),
        "kind": ask["kind"],
        "data": ask["data"],
    }
    await server.emit("signal.sent", event, room=ask["room_id"], skip_sid=sid)


if __name__ == "__main__":
    uvicorn.run(socketio.ASGIApp(server), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
