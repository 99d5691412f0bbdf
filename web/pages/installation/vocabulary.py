"""The vocabulary: every text of the interface in each language, to say it otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.installation.further_languages import AddLanguage, RemoveLanguage, speakers
from people.installation.interface_texts import Forms, Text, texts
from people.installation.vocabulary import PO_LENGTH, ChangeWording, ImportWordings, ResetWording, po_text, wordings
from people.installation.wording_rules import plural_forms
from people.languages import LANGUAGES, SHIPPED
from store.database import Transaction
from store.errors import Invalid, NotFound
from store.folding import folded
from web.page import Feedback, feedback_of, fields_of, perform, posted, text_of
from web.pages.installation import Place, running_it
from web.request_limits import sought
from web.site import site_of

PARTS = ("pages", "live", "said", "letters")
SHOWN_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A text as the page shows it: in English, in the language, and whether that is the installation's own wording."""

    nr: int
    text: Text
    forms: Forms
    own: bool

    @property
    def missing(self) -> bool:
        return not any(self.forms)


async def _reads(request: Request, tx: Transaction, _actor: Actor) -> dict[str, Any]:
    query = request.query_params
    language = query.get("language", "")
    language = language if language in LANGUAGES else next(code for code in LANGUAGES if code != "en")
    part = query.get("part", "") if query.get("part") in PARTS else ""
    own = (await wordings(tx)).get(language, {})
    lines = [_line(nr, text, language, own) for nr, text in enumerate(texts().values())]
    missing = sum(line.missing for line in lines)
    q, only = sought(request), query.get("only", "")
    found = [line for line in lines if _fits(line, q, part, only)]
    first = _number(query.get("from", ""))
    return {
        "chosen_language": language,
        "count_of_forms": plural_forms(language),
        "parts": PARTS,
        "part": part,
        "q": q,
        "only": only,
        "lines": found[first : first + SHOWN_AT_ONCE],
        "found": len(found),
        "first": first,
        "step": SHOWN_AT_ONCE,
        "total": len(lines),
        "plurals": {text.plural for text in texts().values()},
        "missing": missing if language != "en" else 0,
        "own_count": len(own),
        "count": query.get("count", ""),
        "further": language not in SHIPPED,
        "speakers": await speakers(tx, language) if language not in SHIPPED else 0,
    }


def _line(nr: int, text: Text, language: str, own: Mapping[str, Forms]) -> Line:
    shipped = text.english if language == "en" else text.shipped.get(language, ())
    return Line(nr, text, own.get(text.text, shipped), text.text in own)


def _fits(line: Line, q: str, part: str, only: str) -> bool:
    if part and line.text.part != part:
        return False
    if (only == "missing" and not line.missing) or (only == "own" and not line.own):
        return False
    wanted = folded(q)
    return not wanted or any(wanted in folded(form) for form in (*line.text.english, *line.forms))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


class Vocabulary(Place):
    """Its forms hold lists of plural forms, and files."""

    async def act(self, request: Request) -> Response:
        actor, form = await posted(request)
        if actor.kind != "superadmin":
            raise NotFound()
        name = text_of(form, "command")
        if name not in self.commands:
            raise NotFound()
        given: dict[str, Any] = {}
        try:
            if name == ImportWordings.wire_name:
                given["po"] = await _file_of(form.get("file"))
        except Invalid as refusal:
            return await self.again(request, feedback_of(actor, name, refusal, fields_of(ImportWordings, form)))
        if name == ChangeWording.wire_name:
            given["forms"] = [str(value).replace("\r\n", "\n") for value in form.getlist("forms")]
        outcome = await perform(request, actor, name, form, **given)
        if isinstance(outcome, Feedback):
            return await self.again(request, replace(outcome, values={**outcome.values, "po": ""}))
        await site_of(request).know_installation()
        more = {"count": outcome.result["changed"]} if name == ImportWordings.wire_name else {}
        if name == AddLanguage.wire_name:
            more["language"] = text_of(form, "code")
        return self.back(request, done=name, **more)


async def _file_of(sent: Any) -> str:
    """A posted file as a text; too long a one isn't read whole.

    Raises:
        Invalid: it isn't a text in the encoding that it names.
    """
    if not isinstance(sent, UploadFile):
        return ""
    content = await sent.read(PO_LENGTH * 4)
    await sent.close()
    return po_text(content)


PLACE = Vocabulary(
    "vocabulary",
    _reads,
    frozenset(
        command.wire_name for command in (AddLanguage, RemoveLanguage, ChangeWording, ResetWording, ImportWordings)
    ),
)


async def export(request: Request) -> Response:
    """Give a language's texts as they are said now, as a file of gettext's form."""
    language = request.path_params["language"]
    async with running_it(request) as (tx, _actor):
        if language not in LANGUAGES:
            raise NotFound()
        own = (await wordings(tx)).get(language, {})
    headers = {"content-disposition": f'attachment; filename="{language}.po"'}
    return Response(_po(language, own), media_type="text/x-gettext-translation; charset=utf-8", headers=headers)


def _po(language: str, own: Mapping[str, Forms]) -> bytes:
    catalogue = Catalog(locale=language, project="Atrium", charset="utf-8", fuzzy=False)
    count = plural_forms(language)
    for nr, text in enumerate(texts().values()):
        said = _line(nr, text, language, own).forms if language != "en" or text.text in own else ()
        string: str | Sequence[str] = said or ("",) * (1 if text.plural is None else count)
        single = text.plural is None
        catalogue.add(
            text.text if single else (text.text, str(text.plural)),
            string[0] if single else tuple(string),
            locations=[(text.part, 0)],
        )
    written = BytesIO()
    write_po(written, catalogue, include_lineno=False, width=0)
    return written.getvalue()


ROUTES: list[BaseRoute] = [Route("/installation/vocabulary/{language}.po", export), *PLACE.routes]
