"""The vocabulary: every text of the interface in each language, to say it otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from people.installation.further_languages import AddLanguage, RemoveLanguage, speakers
from people.installation.interface_texts import Forms, Text, texts
from people.installation.vocabulary import PO_LENGTH, ChangeWording, ImportWordings, ResetWording, po_text, wordings
from people.installation.wording_rules import plural_forms
from people.languages import LANGUAGES, SHIPPED
from store.errors import NotFound, Refusal, _
from store.texts.folding import folded
from web.authentication import signed_in
from web.declared import Form, Posted, Visit
from web.forms.command_forms import Asked
from web.page import feedback_of, fields_of, posted, text_of
from web.pages.installation.page import InstallationPage
from web.request_limits import sought

PARTS = ("pages", "live", "said", "letters")
SHOWN_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A text as the page shows it: in English, in the language, and whether that is the installation's own wording."""

    nr: int
    text: Text
    forms: Forms
    own: bool

    @property
    def missing(self) -> bool:
        return not any(self.forms)


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, query = visit.tx, visit.query
    language = query.get("language", "")
    language = language if language in LANGUAGES else next(code for code in LANGUAGES if code != "en")
    part = query.get("part", "") if query.get("part") in PARTS else ""
    own = (await wordings(tx)).get(language, {})
    lines = [_line(nr, text, language, own) for nr, text in enumerate(texts().values())]
    missing = sum(line.missing for line in lines)
    q, only = sought(visit.request), query.get("only", "")
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


def _line(nr: int, text: Text, language: str, own: Mapping[str, Forms]) -> WordingLine:
    shipped = text.english if language == "en" else text.shipped.get(language, ())
    return WordingLine(nr, text, own.get(text.text, shipped), text.text in own)


def _fits(line: WordingLine, q: str, part: str, only: str) -> bool:
    if part and line.text.part != part:
        return False
    if (only == "missing" and not line.missing) or (only == "own" and not line.own):
        return False
    wanted = folded(q)
    return not wanted or any(wanted in folded(form) for form in (*line.text.english, *line.forms))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


class Vocabulary(InstallationPage):
    """A page that takes a file, too."""

    async def act(self, request: Request) -> Response:
        actor, form = await posted(request)
        which = self.form_named(text_of(form, "command"))
        if which.command is not ImportWordings:
            return await self.run(request, actor, form, which)
        self.must_open(actor)
        try:
            po = await _file_of(form.get("file"))
        except Refusal as refusal:
            wrong = feedback_of(actor, which.name, refusal, fields_of(which.command, form))
            return await self.shown(request, feedback=wrong)
        return await self.run(request, actor, FormData({**form, "po": po}), which)


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


def _forms_of(form: FormData) -> Mapping[str, Any]:
    """A text in as many forms as its language has numbers; an empty one is one, too."""
    return {"forms": [str(value).replace("\r\n", "\n") for value in form.getlist("forms")]}


def _to_the_new(done: Posted) -> str:
    return PAGE.address(done.request, done=done.command, language=done.text("code"))


def _counted(done: Posted) -> str:
    return PAGE.address(done.request, done=done.command, count=done.result["changed"])


CODE = Asked(
    "code",
    _("Its code"),
    _(
        "Two or three lowercase letters, such as fr for French. People can choose it right away, in their account "
        "and on the sign-in page."
    ),
    placeholder="fr",
    more={"autocomplete": "off", "pattern": "[a-z]{2,3}"},
)
PAGE = Vocabulary(
    "/installation/vocabulary",
    "installation/vocabulary.html",
    reads,
    forms=(
        Form(AddLanguage, then=_to_the_new, fields=(CODE,)),
        RemoveLanguage,
        Form(ChangeWording, given=_forms_of),
        ResetWording,
        Form(ImportWordings, then=_counted),
    ),
    at="installation/vocabulary",
)


async def export(request: Request) -> Response:
    """Give a language's texts as they are said now, as a file of gettext's form."""
    language = request.path_params["language"]
    async with signed_in(request) as (tx, actor):
        PAGE.must_open(actor)
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


ROUTES: list[BaseRoute] = [Route("/installation/vocabulary/{language}.po", export)]
