"""What a request says in its address, read by name."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from starlette.requests import Request

from store.errors import Invalid, NotFound
from store.queries import as_flag, as_identifier, as_whole, as_words

T = TypeVar("T")


def room_id(request: Request) -> UUID:
    """This is the room's id in the address.

    Raises:
        NotFound: it can't be one.
    """
    try:
        return as_identifier(request.path_params["room_id"])
    except ValueError as error:
        raise NotFound() from error


def identifier(request: Request, name: str) -> UUID | None:
    return _read(request, name, as_identifier, None)


def whole(request: Request, name: str, default: int) -> int:
    return _read(request, name, as_whole, default)


def words(request: Request, name: str) -> list[str]:
    """These are a query's words, between which commas stand."""
    return _read(request, name, as_words, [])


def flag(request: Request, name: str) -> bool:
    return _read(request, name, as_flag, False)


def _read(request: Request, name: str, as_one: Callable[[str], T], default: T) -> T:
    """What the query says under a name, or what it is otherwise.

    Raises:
        Invalid: it can't be so.
    """
    if not (text := request.query_params.get(name)):
        return default
    try:
        return as_one(text)
    except ValueError as error:
        raise Invalid(fields={name: str(error)}) from error
