"""Answering: what a read gives, as JSON, to who may ask for it."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from commands.faults import faults_of
from commands.runner import as_json
from store.database import to_json
from store.errors import Invalid, NotFound
from store.queries import Query
from store.reads import Read
from web.authentication import signed_in


def route_of(read: Read) -> Route:
    """This is where a read is asked for."""
    return Route(read.path, _answering(read), name=read.name)


def _answering(read: Read) -> Callable[[Request], Awaitable[Response]]:
    async def answering(request: Request) -> Response:
        async with signed_in(request, read.scope) as (tx, actor):
            given = await read.give(tx, actor, *asked(read, request))
        return answered({"ok": True, **as_json(given)})

    return answering


def asked(read: Read, request: Request) -> tuple[Query, ...]:
    """This is the query with which a read is asked, if it takes one.

    Raises:
        NotFound: the address can't be one.
        Invalid: the query can't be so; it names each field that can't.
    """
    if read.query is None:
        return ()
    said = {name: text for name in read.in_query if (text := request.query_params.get(name))}
    try:
        return (read.query.model_validate(said | request.path_params),)
    except ValidationError as error:
        faults = faults_of(error)
        if faults.keys() & set(read.in_path):
            raise NotFound() from error
        raise Invalid(fields=faults) from None


def answered(content: Any) -> Response:
    return Response(to_json(content), media_type="application/json")
