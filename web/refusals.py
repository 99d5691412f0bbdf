"""What is said when something is refused: one place makes it JSON, one a page."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from people.actors import Actor
from people.signing.factors import SecondFactorNeeded
from store.errors import Malformed, NotFound, NotSignedIn, Quantity, Refusal, Size, TooLarge, _
from web.cookies import cookie
from web.csrf import csrf_token
from web.draw import draw, reader_of
from web.words.blanks import filled
from web.words.formatting import number_in, size_in
from web.words.quantities import said
from web.words.translations import LANGUAGES, accepted, translated

LANGUAGE_COOKIE = "hub_language"


class MethodNotAllowed(Refusal):
    status = 405
    code = "method_not_allowed"
    message = _("This address doesn't accept that method.")


class Broken(Refusal):
    status = 500
    code = "internal"
    message = _("Something went wrong on our side. It has been logged; please try again.")


BY_STATUS: dict[int, type[Refusal]] = {400: Malformed, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def translate(language: str, refusal: Refusal) -> dict[str, Any]:
    """This is a refusal as the wire says it, in a language: code, message, and what is wrong by field."""
    message = in_words(language, refusal.message, refusal.params)
    if says_when(refusal):
        message = f"{message} {in_words(language, AGAIN, {'soon': soon(refusal)})}"
    error: dict[str, Any] = {"code": refusal.code, "message": message}
    if refusal.fields:
        error["fields"] = {field: in_words(language, text, refusal.params) for field, text in refusal.fields.items()}
    if refusal.retry_after_seconds is not None:
        error["retry_after_seconds"] = refusal.retry_after_seconds
    return {**error, **refusal.beside}


AGAIN = _("Try again %(soon)s.")
WORTH_SAYING_SECONDS = 10


def says_when(refusal: Refusal) -> bool:
    """Whether a refusal's words need to say when to come again: what they wait for is no moment, nor said already."""
    return (refusal.retry_after_seconds or 0) > WORTH_SAYING_SECONDS and "soon" not in refusal.params


def soon(refusal: Refusal) -> Quantity:
    """In how long something may be done again, rounded up: in 40 seconds, in 15 minutes, in 2 hours."""
    seconds = math.ceil(refusal.retry_after_seconds or 0)
    if seconds < 60:
        return Quantity("in %(count)s second", "in %(count)s seconds", seconds)
    minutes = math.ceil(seconds / 60)
    if minutes <= 90:
        return Quantity("in %(count)s minute", "in %(count)s minutes", minutes)
    return Quantity("in %(count)s hour", "in %(count)s hours", math.ceil(minutes / 60))


def with_pause(response: Response, refusal: Refusal | None) -> Response:
    """This is an answer that says to programs, too, when to come again."""
    if refusal is not None and refusal.retry_after_seconds is not None:
        response.headers["retry-after"] = str(max(1, math.ceil(refusal.retry_after_seconds)))
    return response


def in_words(language: str, text: str, params: Mapping[str, Any]) -> str:
    found = translated(language, text)
    return filled(found, {name: _said(language, param) for name, param in params.items()}) if params else found


def _said(language: str, param: Any) -> Any:
    if isinstance(param, Quantity):
        return said(language, param)
    if isinstance(param, Size):
        return size_in(language, param.bytes)
    return number_in(language, param) if isinstance(param, float | Decimal) else param


def refused(request: Request, refusal: Refusal) -> Response:
    """This is the answer to a request that is refused: JSON to a program, a page to a person."""
    request.state.refusal = refusal.code
    if _for_programs(request):
        response: Response = refusal_json(request, refusal)
    elif isinstance(refusal, NotSignedIn) and request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?next={quote(_here(request))}", 303)
    elif isinstance(refusal, SecondFactorNeeded) and request.method in ("GET", "HEAD"):
        return RedirectResponse("/account/security", 303)
    else:
        response = refusal_page(request, refusal)
    with_pause(response, refusal)
    if isinstance(refusal, NotSignedIn):
        response.headers["www-authenticate"] = "Bearer"
    return response


def refusal_json(request: Request, refusal: Refusal) -> JSONResponse:
    return JSONResponse({"ok": False, "error": translate(language_of(request), refusal)}, refusal.status)


def refusal_page(request: Request, refusal: Refusal) -> HTMLResponse:
    actor = actor_of(request)
    page = draw(
        "shared/error.html",
        reader_of(actor, language_of(request)),
        {
            "actor": actor,
            "theme": actor.theme if actor else "auto",
            "csrf": csrf_token(request) if actor and actor.impersonator_id else "",
            "path": request.url.path,
            "query": {},
            "status": refusal.status,
            "error": translate(language_of(request), refusal),
        },
    )
    return HTMLResponse(page, refusal.status)


def language_of(request: Request) -> str:
    """This is the language to answer in: the person's own, else the one chosen, else the browser's."""
    if actor := actor_of(request):
        return actor.language
    chosen = request.query_params.get("language") or cookie(request, LANGUAGE_COOKIE) or ""
    return chosen if chosen in LANGUAGES else accepted(request.headers.get("accept-language", ""))


def actor_of(request: Request) -> Actor | None:
    """This is who asks, where that was found out already."""
    actor: Actor | None = getattr(request.state, "actor", None)
    return actor


def refusal_of(request: Request) -> str | None:
    """This is why a request was refused, as its code, where it was."""
    code: str | None = getattr(request.state, "refusal", None)
    return code


def _for_programs(request: Request) -> bool:
    path, accept = request.url.path, request.headers.get("accept", "")
    return path.startswith("/api/") or "text/html" not in (accept or "text/html").replace("*/*", "text/html")


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
