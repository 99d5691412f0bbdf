"""Clashes: PostgreSQL undoes one of two transactions that stand in each other's way, and it may be run again."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from store.database import sqlstate
from store.errors import Overloaded

TRIES = 4
_CLASHES = ("40001", "40P01")
"""serialization_failure and deadlock_detected. Source: PostgreSQL, Appendix A."""

T = TypeVar("T")
logger = structlog.get_logger(__name__)


async def despite_clashes(transaction: Callable[[], Awaitable[T]], *, name: str) -> T:
    """This is what a whole transaction gives, begun anew when it clashed with another.

    Raises:
        Overloaded: it clashed time and again.
    """
    for _try in range(TRIES):
        try:
            return await transaction()
        except DBAPIError as error:
            if sqlstate(error) not in _CLASHES:
                raise
            logger.info("transaction_clashed", name=name, sqlstate=sqlstate(error))
    raise Overloaded()
