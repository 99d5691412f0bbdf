"""The contract: what other programs may rely on, derived from the classes that the hub itself runs.

Three files come of it, committed and checked: ``docs/api/openapi.json`` (HTTP), ``docs/api/asyncapi.json`` (Socket.IO)
and ``web/client/contract.ts`` (the browser's types). ``python -m hub.contract`` writes them, ``--check`` compares.
"""

from hub.contract.asyncapi import asyncapi
from hub.contract.openapi import openapi
from hub.contract.typescript import typescript

__all__ = ["asyncapi", "openapi", "typescript"]
