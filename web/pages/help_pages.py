"""Help: short pages about what Atrium does, for everyone signed in."""

from collections.abc import Mapping
from typing import Any

from rooms.markdown import draw
from store.errors import NotFound
from web.declared import Page, Visit
from web.words.help_topics import TOPICS
from web.words.translations import translated


async def reads_contents(_visit: Visit) -> Mapping[str, Any]:
    return {"topics": TOPICS, "topic": None, "chosen": ""}


async def reads_topic(visit: Visit) -> Mapping[str, Any]:
    name = visit.request.path_params["topic"]
    if name not in TOPICS:
        raise NotFound()
    text = "\n\n".join(translated(visit.actor.language, paragraph) for paragraph in TOPICS[name].paragraphs)
    return {"topics": TOPICS, "topic": TOPICS[name], "chosen": name, "html": draw(text)}


PAGES = (
    Page("/help", "help/help.html", reads_contents, at="help"),
    Page("/help/{topic}", "help/help.html", reads_topic, at="help"),
)
