"""Cookies. Over https each bears a prefix by which a browser takes it from this very host alone, and from nobody on the
way: none that a neighbour under the same domain gives it, nor one that came without encryption.
"""

from datetime import timedelta

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from web.site import site_of

PREFIX = "__Host-"
"""Secure, for all paths, and for no domain. Source: RFC 6265bis, section 4.1.3.2."""


def is_secure(request: Request) -> bool:
    """Whether people reach the hub over https."""
    return site_of(request).https or request.url.scheme == "https"


def name_of(name: str, *, secure: bool) -> str:
    """This is a cookie's name as the browser knows it."""
    return PREFIX + name if secure else name


def cookie(request: Request, name: str) -> str | None:
    """This is what a browser keeps in a cookie, or None."""
    return cookie_of(request, name, secure=is_secure(request))


def cookie_of(connection: HTTPConnection, name: str, *, secure: bool) -> str | None:
    return connection.cookies.get(name_of(name, secure=secure)) or None


def keep_cookie(request: Request, response: Response, name: str, value: str, lasts: timedelta | None = None) -> None:
    """Have the browser keep a cookie: for a while, or until it is closed."""
    secure = is_secure(request)
    most = None if lasts is None else int(lasts.total_seconds())
    whole = name_of(name, secure=secure)
    response.set_cookie(whole, value, max_age=most, httponly=True, samesite="lax", secure=secure)


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie from the browser."""
    secure = is_secure(request)
    response.delete_cookie(name_of(name, secure=secure), httponly=True, samesite="lax", secure=secure)
    drop_old_name(request, response, name)


def drop_old_name(request: Request, response: Response, name: str) -> None:
    """Take a cookie from a browser that still has it by its name without the prefix."""
    if is_secure(request) and name in request.cookies:
        response.delete_cookie(name, httponly=True, samesite="lax", secure=True)
