"""Activity in words: what an event says to someone who reads of it on a page."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from rooms.time.hours import seconds_between
from store.errors import _
from store.texts import is_seen
from web.words.formatting import hours
from web.words.signatures import signed
from web.words.translations import translated

Happening = dict[str, Any]


class Sentence(NamedTuple):
    """What is said of a kind of event, and the icon before it. Its blanks are ``who`` and ``what``."""

    text: str
    icon: str


SENTENCES = {
    "room.opened": Sentence(_("%(who)s opened the room"), icon="door"),
    "room.changed": Sentence(_("%(who)s changed the room"), icon="pencil"),
    "room.archived": Sentence(_("%(who)s archived the room"), icon="archive"),
    "room.restored": Sentence(_("%(who)s restored the room"), icon="archive-off"),
    "member.added": Sentence(_("%(what)s came into the room"), icon="user-plus"),
    "message.posted": Sentence(_("%(who)s wrote: %(what)s"), icon="message-circle"),
    "task.created": Sentence(_("%(who)s added the task %(what)s"), icon="square-plus"),
    "task.changed": Sentence(_("%(who)s changed %(what)s"), icon="pencil"),
    "task.completed": Sentence(_("%(who)s completed %(what)s"), icon="check"),
    "task.reopened": Sentence(_("%(who)s took up %(what)s again"), icon="refresh"),
    "timer.stopped": Sentence(_("%(who)s worked for %(what)s h"), icon="clock"),
    "file.added": Sentence(_("%(who)s added %(what)s"), icon="file"),
}
SHORT = 110
LOOKED_AT = 2_000
SIGNS = re.compile(r"\[(?P<words>[^\[\]]*)\]\([^()]*\)|[*`~]+|^[^\S\n]*(?:[>#-]+|\d+\.)[^\S\n]", re.MULTILINE)
"""None of its parts looks past the next sign that could begin one: what it costs grows with the text alone."""


CUT_OFF = {
    "room_archived": _("%(whose)s worked for %(what)s h until %(who)s archived the room"),
    "task_completed": _("%(whose)s worked for %(what)s h until %(who)s completed the task"),
    "member_removed": _("%(whose)s worked for %(what)s h until %(who)s took them out of the room"),
    "person_deactivated": _("%(whose)s worked for %(what)s h until %(who)s closed their account"),
    "": _("%(whose)s worked for %(what)s h until %(who)s stopped the timer"),
}
"""What is said of a timer that another than its person ended, by the reason."""


def said(happenings: Iterable[Happening], language: str) -> list[dict[str, Any]]:
    """These are happenings as a page shows them: icon, sentence, room, moment, and where to go."""
    return [_said(happening, language) for happening in happenings if happening["name"] in SENTENCES]


MOVED = {
    "room.changed": Sentence(_("%(who)s moved the room to %(what)s"), icon="arrow-right"),
    "task.changed": Sentence(_("%(who)s moved %(what)s to %(stage)s"), icon="arrow-right"),
}


def _said(happening: Happening, language: str) -> dict[str, Any]:
    stage = translated(language, happening["stage_name"] or "")
    sentence, icon = (MOVED if stage else SENTENCES)[happening["name"]]
    if whose := happening["worker_name"]:
        sentence = CUT_OFF.get(happening.get("reason", ""), CUT_OFF[""])
    who = Markup("<b>{}</b>").format(signed(happening["actor_name"] or "Atrium", happening["acted_by"], language))
    what = Markup("<b>{}</b>").format(stage) if happening["name"] == "room.changed" else _what(happening)
    text = Markup(escape(translated(language, sentence)))  # noqa: S704 - the catalogue's own
    return {
        "icon": icon,
        "text": text % {"who": who, "what": what, "stage": stage, "whose": Markup("<b>{}</b>").format(whose or "")},
        "for_team": happening["audience"] == "team",
        "room_id": happening["room_id"],
        "room_title": happening["room_title"],
        "tab": TABS.get(happening["name"].split(".")[0], ""),
        "at": happening["recorded_at"],
    }


TABS = {"message": "/wall", "task": "/tasks", "timer": "/timesheet", "file": "/files"}


def _what(happening: Happening) -> Markup | str:
    for thing, say in WHAT.items():
        if form := happening.get(thing):
            return say(form)
    return ""


def _stretch(entry: dict[str, Any]) -> Markup:
    if not entry.get("stopped_at"):
        return Markup("<b>0:00</b>")
    began, stopped = datetime.fromisoformat(entry["started_at"]), datetime.fromisoformat(entry["stopped_at"])
    return Markup("<b>{}</b>").format(hours(seconds_between(began, stopped)))


WHAT: dict[str, Callable[[dict[str, Any]], Markup | str]] = {
    "message": lambda form: plain(form["body"]),
    "task": lambda form: Markup("<b>{}</b>").format(form["title"]),
    "file": lambda form: Markup("<b>{}</b>").format(form["name"]),
    "person": lambda form: Markup("<b>{}</b>").format(form["name"]),
    "entry": _stretch,
}


def plain(markdown: str) -> str:
    """This is the beginning of a Markdown text without its signs, for a line in a list; with them, where it has no
    more than those."""
    text = markdown[:LOOKED_AT]
    bare = SIGNS.sub(lambda found: found["words"] or "", text)
    words = " ".join((bare if is_seen(bare) else text).split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"
