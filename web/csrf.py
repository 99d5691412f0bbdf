"""Form tokens: a posted form must come from a page that this hub drew for this very browser."""

import hashlib
import secrets

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from store.errors import Forbidden, _
from web.authentication import session_cookie
from web.cookies import cookie, keep_cookie
from web.site import site_of

VISITOR = "hub_visitor"


class FormOutdated(Forbidden):
    code = "form_outdated"
    message = _("This page was open for too long. Please submit it again.")


def csrf_token(request: Request) -> str:
    """This is a fresh token for a form on the page. It differs each time, so that compressing gives nothing away."""
    return _signer(request).sign(secrets.token_urlsafe(9)).decode()


def check_csrf(request: Request, token: str) -> None:
    """Refuse a form without this browser's token.

    Raises:
        FormOutdated: the token is missing, another browser's or another session's.
    """
    if not _binding(request):
        raise FormOutdated()
    try:
        _signer(request).unsign(token)
    except BadSignature as error:
        raise FormOutdated() from error


def know_visitor(request: Request, response: Response) -> None:
    """Give a browser that isn't signed in something to bind its form tokens to."""
    if visitor := getattr(request.state, "visitor", None):
        keep_cookie(request, response, VISITOR, visitor)


def _signer(request: Request) -> Signer:
    return Signer(site_of(request).secret, salt=b"csrf:" + _binding(request).encode(), digest_method=hashlib.sha256)


def _binding(request: Request) -> str:
    session = session_cookie(request)
    if session and getattr(request.state, "actor", None) is not None:
        return f"session:{session}"
    visitor = cookie(request, VISITOR) or getattr(request.state, "visitor", None)
    if visitor is None and request.method == "GET":
        visitor = request.state.visitor = secrets.token_urlsafe(24)
    return f"visitor:{visitor}" if visitor else ""
