"""Bare answers: what the server itself says to a request that never comes to the application. Below uvicorn."""

from collections.abc import Iterable
from http import HTTPStatus

from web.security import headers_of

Headers = Iterable[tuple[bytes, bytes]]


def answer(status: int, headers: Headers, said: bytes = b"") -> bytes:
    """This is a whole HTTP answer, after which the connection is closed. Source: RFC 9112, section 4."""
    own = [(b"content-length", b"%d" % len(said)), (b"connection", b"close")]
    named = [*own, *((name, value) for name, value in headers if name.lower() not in dict(own))]
    lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode()), *(b": ".join(pair) for pair in named)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + said


def headers_without_host(*, https: bool) -> list[tuple[bytes, bytes]]:
    """These are the security headers of an answer to who knows which host."""
    return [(name.encode(), value.encode()) for name, value in headers_of(https=https).items()]
