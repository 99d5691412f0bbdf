"""Excerpts: the beginning of what somebody wrote, for a line in a list; the browser makes the same of it
(``web/client/models/excerpts.ts``).
"""

import re

from store.texts.texts import is_seen

SHORT = 110
LOOKED_AT = 2_000
SIGNS = re.compile(r"\[(?P<words>[^\[\]]*)\]\([^()]*\)|[*`~]+|^[^\S\n]*(?:[>#-]+|\d+\.)[^\S\n]", re.MULTILINE)
"""None of its parts looks past the next sign that could begin one: what it costs grows with the text alone."""


def plain(markdown: str) -> str:
    """This is the beginning of a Markdown text without its signs, for a line in a list; with them, where it has no
    more than those."""
    text = markdown[:LOOKED_AT]
    bare = SIGNS.sub(lambda found: found["words"] or "", text)
    words = " ".join((bare if is_seen(bare) else text).split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"
