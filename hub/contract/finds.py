"""What search finds, as TypeScript."""

import json

from hub.parts import FINDS

HEAD = """/** What search finds, by its kind. Made from the server's parts by `python -m hub.contract`. */
export const FOUND: Record<string, { icon: string }> = {
"""


def finds() -> str:
    """This is the whole module."""
    return HEAD + "".join(f"  {find.kind}: {{ icon: {json.dumps(find.icon)} }},\n" for find in FINDS) + "};\n"
