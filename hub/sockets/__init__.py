"""Sockets: clients' connections, and the one place that goes below the public surface of other libraries.

uvicorn hands each connection to an ``HttpConnection``, and a request for a WebSocket on to ``Upgrade``. One for
Socket.IO becomes a ``WebSocket``, which python-socketio never sees: as it comes it makes a task for every recipient of
every event, and lets any amount wait for a reader that stalls. Where a setting allows long-polling, that is
python-socketio's, held to the same bounds (``polling``); it is loaded only there.

``tests/hub/test_sockets.py`` names each hook that a new version may break.
"""
