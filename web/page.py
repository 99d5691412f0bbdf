"""Pages and the forms on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from commands.runner import Answer
from people.actors import Actor
from people.businesses import name_plate
from people.installation.hierarchy import reach_at_once
from rooms.lenses import lens_of
from rooms.time.timers import own_timer_at_once
from store.commands import Command
from store.errors import NotFound, NotSignedIn, Refusal
from web.authentication import signed_in_with
from web.csrf import check_csrf, csrf_token, know_visitor
from web.draw import draw, reader_of
from web.refusals import language_of, translate
from web.request_limits import form_of, plain_text
from web.site import site_of

UNIONS = (Annotated, Union, UnionType)


@dataclass(frozen=True)
class Feedback:
    """What was wrong with a posted form, and what was in it, so that nothing need be typed again."""

    command: str
    error: str
    status: int
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


async def page(request: Request, actor: Actor, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """This is a page for someone who is signed in."""
    driver = site_of(request).database.driver
    business = await name_plate(driver, actor.business_id)
    timer = await own_timer_at_once(driver, actor)
    html = await site_of(request).drawer.draw(
        template,
        reader_of(actor, actor.language),
        {
            "actor": actor,
            "lens": lens_of(actor),
            "business": business.name if business else None,
            "business_logo": business.logo if business else None,
            "meetings_url": business.meetings_url if business and actor.of_the_team else "",
            "reach": await reach_at_once(driver, actor),
            "timer": timer.model_dump(mode="json") if timer else None,
            "theme": actor.theme,
            "csrf": csrf_token(request),
            "demo": site_of(request).demo,
            "commands": site_of(request).commands,
            "pages": site_of(request).opens,
            "sentences": site_of(request).timeline,
            "path": request.url.path,
            "query": dict(request.query_params),
            "is_fragment": request.url.path.startswith("/parts/"),
            "feedback": None,
            "page": "",
        }
        | context,
        turn=actor.id,
    )
    response = HTMLResponse(html, status)
    if streams := context.get("streams"):
        response.headers["x-streams"] = streams
    return response


def strangers_page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """This is a page for someone who isn't signed in."""
    html = draw(
        template,
        reader_of(None, language_of(request)),
        {
            "actor": None,
            "business": None,
            "timer": None,
            "theme": "auto",
            "csrf": csrf_token(request),
            "demo": site_of(request).demo,
            "path": request.url.path,
            "query": dict(request.query_params),
            "is_fragment": False,
            "feedback": None,
            "page": "",
        }
        | context,
    )
    response = HTMLResponse(html, status)
    know_visitor(request, response)
    return response


async def posted(request: Request) -> tuple[Actor, FormData]:
    """This is a form that somebody signed in posted, from a page of ours.

    Raises:
        NotSignedIn: nobody known posts it.
        FormOutdated: it has no token of this browser's.
    """
    actor, form = await signed_in_with(request, form_of)
    check_csrf(request, text_of(form, "csrf"))
    return actor, form


async def perform(request: Request, actor: Actor, name: str, form: FormData, /, **given: Any) -> Answer | Feedback:
    """Run a command with what a form says; this is its answer, or what was wrong.

    Raises:
        NotSignedIn, NotFound: there is no page to say it on.
    """
    commands = site_of(request).commands
    entry = commands.catalogue.get(name)
    if entry is None:
        raise NotFound()
    fields = fields_of(entry.command, form) | given
    try:
        return await commands.run(actor, name, fields)
    except (NotSignedIn, NotFound):
        raise
    except Refusal as refusal:
        return feedback_of(actor, name, refusal, fields)


def feedback_of(actor: Actor, name: str, refusal: Refusal, fields: Mapping[str, Any]) -> Feedback:
    """This is what a form of someone's says of a refusal."""
    said = translate(actor.language, refusal)
    return Feedback(name, said["message"], refusal.status, said.get("fields", {}), kept(fields))


def kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """These are the values that a form is drawn with again: all but passwords."""
    return {name: value for name, value in fields.items() if "password" not in name}


def fields_of(command: type[Command], form: FormData) -> dict[str, Any]:
    """These are a command's fields as a form has them. What is empty is null where the field takes null and no empty
    text: a choice, a date, an address."""
    found: dict[str, Any] = {}
    for name, declared in command.model_fields.items():
        if name not in form:
            continue
        if _is_list(declared):
            found[name] = [value for value in form.getlist(name) if value]
        else:
            text = text_of(form, name)
            found[name] = None if not text and _null_when_empty(command, name) else text
    return found


def _is_list(declared: FieldInfo) -> bool:
    return _holds_several(declared.annotation)


def _holds_several(kind: Any) -> bool:
    """Whether a type is a list, or may be one: behind what is annotated, and beside null."""
    return get_origin(kind) is list or any(
        _holds_several(each) for each in get_args(kind) if get_origin(kind) in UNIONS
    )


@cache
def _null_when_empty(command: type[Command], name: str) -> bool:
    if type(None) not in get_args(command.model_fields[name].annotation):
        return False
    try:
        command.model_validate({name: ""})
    except ValidationError as error:
        return any(fault["loc"][:1] == (name,) and not _is_needed(fault) for fault in error.errors())
    return False


def _is_needed(fault: Any) -> bool:
    """Whether a field takes null for "as it was" and any text but an empty one: a name."""
    return bool(fault["type"] == "string_too_short" and fault["ctx"]["min_length"] == 1)


def text_of(form: FormData, name: str) -> str:
    """This is a form's text field; browsers write a line's end in two characters."""
    value = form.get(name, "")
    return plain_text(value).replace("\r\n", "\n") if isinstance(value, str) else ""


def back_to(form: FormData, fallback: str) -> Response:
    """Send the browser back to where the form stood; nowhere but on this site."""
    return RedirectResponse(local(text_of(form, "back"), fallback), 303)


def local(address: str, fallback: str = "/") -> str:
    """This is an address if it leads into this site, else the fallback."""
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if own else fallback
