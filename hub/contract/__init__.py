"""The contract: what other programs may rely on, derived from the classes that the hub itself runs.

Seven files come of it, committed and checked: ``docs/api/openapi.json`` (HTTP), ``docs/api/asyncapi.json`` (Socket.IO),
``web/client/contract.ts`` (the browser's types), ``web/client/sentences.ts`` (what it says of events),
``web/client/parts.ts`` (a room's parts and its page's tabs), ``web/client/tab-elements.ts`` (what shows those) and
``web/client/finds.ts`` (how it shows what is found). ``python -m hub.contract`` writes them, ``--check`` compares.
"""

from hub.contract.asyncapi import asyncapi
from hub.contract.finds import finds
from hub.contract.openapi import openapi
from hub.contract.parts import parts, tab_elements
from hub.contract.sentences import sentences
from hub.contract.typescript import typescript

__all__ = ["asyncapi", "finds", "openapi", "parts", "sentences", "tab_elements", "typescript"]
