"""Drawing pages: templates in the reader's language, time zone and theme."""

import asyncio
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from gettext import NullTranslations
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from people.actors import Actor
from people.hands import NotInAnothersName
from people.installations import current
from rooms.lenses import for_the_team
from store.database import to_json
from store.loop.turns import Turns
from store.texts.sorting import by_name
from web.assets import asset, icon, words
from web.forms.command_forms import DrawnForm, Typed, asked_in, drawn_form
from web.timelines import Line, timeline_lines
from web.words import blanks, choices, formatting, quantities
from web.words.excerpts import plain
from web.words.formatting import Reader, reader, reading_as, zone_named
from web.words.mentions import spoken
from web.words.permissions import PERMITS
from web.words.pseudonyms import in_words
from web.words.signatures import signed
from web.words.translations import LANGUAGES, translated, translations
from web.words.zones import city

_drawing: ContextVar[Mapping[str, Any]] = ContextVar("drawing")
TEMPLATES = Path(__file__).parent / "templates"
HUES = 8
DRAWN_AT_ONCE = 2


class Drawer:
    """Draws pages beside the event loop, so that nobody waits for somebody else's: of one person one at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(DRAWN_AT_ONCE, "draw")
        self._free = asyncio.Semaphore(DRAWN_AT_ONCE)
        self._turns = Turns()

    async def draw(self, template: str, reader: Reader, context: Mapping[str, Any], *, turn: Hashable) -> str:
        """This is a template, drawn for a reader.

        Raises:
            TooMuchWaits: very many pages of the same turn are being drawn already.
        """
        async with self._turns.turn(turn), self._free:
            work = partial(copy_context().run, draw, template, reader, context)
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def draw(template: str, reader: Reader, context: Mapping[str, Any]) -> str:
    """This is a template, drawn for a reader."""
    token = _drawing.set(context)
    try:
        with reading_as(reader):
            return (
                environment()
                .get_template(template)
                .render(
                    language=reader.language,
                    time_zone=getattr(reader.zone, "key", "UTC"),
                    now=reader.now,
                    languages=list(LANGUAGES.items()),
                    catalogue_json=catalogue_json(reader.language),
                    installation=current(),
                    **context,
                )
            )
    finally:
        _drawing.reset(token)


def reader_of(actor: Actor | None, language: str) -> Reader:
    """This is the reader for a person's page; for a stranger's, in the language that they seem to like."""
    if actor is None:
        return Reader(language, UTC, datetime.now(UTC))
    return Reader(actor.language, zone_named(actor.time_zone), datetime.now(UTC))


@cache
def environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=in_words,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        str,  # stands for ours, which fills blanks too
        lambda one, many, count: translations(reader().language).ngettext(one, many, count),
        newstyle=True,
    )
    environment.filters |= _filters()
    environment.tests["for_the_team"] = for_the_team
    environment.globals |= _globals()
    return environment


def _filters() -> dict[str, Any]:
    return formatting.FILTERS | {
        "json": embedded_json,
        "known": known,
        "city": city,
        "plain": plain,
        "signed": signed,
        "spoken": spoken,
        "id_and_name": id_and_name,
        "by_name": by_readers_alphabet,
    }


def _globals() -> dict[str, Any]:
    return {
        "asset": asset,
        "icon": icon,
        "greeting": formatting.greeting,
        "gettext": blanks.in_template,
        "quantity": quantities.in_template,
        "timeline_lines": in_sentences,
        "initials": initials,
        "hue": hue,
        "csrf_field": csrf_field,
        "command_field": command_field,
        "form_of": form_of,
        "typed_in": typed_in,
        "unsaid": unsaid,
        "may_be_done": in_this_name,
        "not_in_this_name": not_in_this_name,
        "url_with": url_with,
        "is_client": is_client,
        "may": may,
        "opens": opens,
        "permits": PERMITS,
        "weekdays": choices.weekdays,
    }


def known(text: str) -> str:
    """This is a fixed word that data holds, such as a built-in stage's name, in the reader's language."""
    return translated(reader().language, text)


def by_readers_alphabet(forms: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """These are forms by their names, as the reader's language orders them."""
    return by_name(forms, reader().language, itemgetter("name"))


def embedded_json(value: Any) -> Markup:
    """This is a value as JSON that may stand inside a ``<script>``."""
    text = to_json(value).decode()
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def catalogue_json(language: str) -> Markup:
    """These are the texts that the browser may say, in a language: text to translation, or to its plural forms."""
    return _catalogue_json(translations(language))


@lru_cache(64)
def _catalogue_json(catalogue: NullTranslations) -> Markup:
    found: dict[str, str | list[str]] = {}
    for entry in words():
        if isinstance(entry, str):
            text = catalogue.gettext(entry)
            if text != entry:
                found[entry] = text
        elif forms := _plural_forms(catalogue, *entry):
            found[entry[0]] = forms
    return embedded_json(found)


def _plural_forms(catalogue: NullTranslations, one: str, many: str) -> list[str]:
    known: dict[Any, str] = getattr(catalogue, "_catalog", {})
    return [known[one, form] for form in range(6) if (one, form) in known]


def id_and_name(thing: Any) -> tuple[str, str]:
    """This is a thing as one of a form's choices."""
    return str(thing.id), thing.name


def initials(name: str) -> str:
    """AP, for Ana Popescu."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


def hue(id: UUID | str) -> int:
    """This is the number, 1 to 8, of the colour that stands beside someone's name."""
    return int(str(id)[-2:], 16) % HUES + 1


def csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(_drawing.get()["csrf"])


def command_field(name: str, *fields: str) -> Markup:
    """This is the field that says what a form does, if need be by these of its fields; where that can't be done in
    another's name, it says so instead of the form."""
    field = Markup('<input type="hidden" name="command" value="{}">').format(name)
    return field if in_this_name(name, *fields) else field + not_in_this_name()


def form_of(name: str, of: Any = None, id: str = "", **more: Any) -> DrawnForm:
    """This is a form of the page's that runs a command, with the fields that the page declares for it."""
    drawing = _drawing.get()
    form = drawing["forms"][name]
    return drawn_form(form.command, form.fields, drawing, of, id, **more)


def typed_in(name: str, **of: object) -> Typed:
    """This is what was typed into a form that a template lays out by itself, and what was wrong with it; nothing, if
    another form was refused, or that of another thing."""
    feedback = _drawing.get().get("feedback")
    if feedback and feedback.command == name and all(feedback.values.get(key) == str(id) for key, id in of.items()):
        return Typed(feedback.values, feedback.fields, feedback.error)
    return Typed()


def unsaid(feedback: Any, beside: Collection[str] = ()) -> list[str]:
    """These are the faults of a refused form that no field of it says: neither one that its page declares, nor those
    that stand ``beside`` theirs in the template."""
    form = _drawing.get().get("forms", {}).get(feedback.command)
    said = {*beside, *(asked.name for asked in asked_in(form.fields if form else ()))}
    faults = (fault for name, fault in feedback.fields.items() if name not in said and fault != feedback.error)
    return list(dict.fromkeys(faults))


def not_in_this_name() -> Markup:
    """This is what stands where something is that can't be done in another's name."""
    return Markup('<p class="not-in-this-name">{}</p>').format(translated(reader().language, NotInAnothersName.message))


def in_sentences(events: Iterable[dict[str, Any]], room: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Line]:
    """These are a room's events with their sentences."""
    return timeline_lines(_drawing.get()["sentences"], events, room, names)


def in_this_name(name: str, *fields: str) -> bool:
    """Whether the page's reader may ask for a command while they act as whom they act as."""
    drawing = _drawing.get()
    return drawing["actor"] is None or bool(drawing["commands"].may_be_done(drawing["actor"], name, *fields))


def url_with(**query: Any) -> str:
    """This is the page's own address with another query; what is None or empty leaves it."""
    drawing = _drawing.get()
    merged = {**drawing["query"], **query}
    kept = {name: value for name, value in merged.items() if value not in (None, "", False)}
    return str(drawing["path"]) + (f"?{urlencode(kept)}" if kept else "")


def is_client() -> bool:
    actor = _drawing.get()["actor"]
    return actor is not None and actor.kind == "client"


def may(permission: Any) -> bool:
    actor = _drawing.get()["actor"]
    return actor is not None and bool(actor.may(permission))


def opens(url: str) -> bool:
    """Whether the page's reader may open another one, as that one declares it."""
    drawing = _drawing.get()
    return bool(drawing["pages"][url](drawing["actor"]))
