"""Identifiers: UUID version 7, which sort by the time they were made.

Source: RFC 9562, section 5.7.
"""

import os
from datetime import UTC, datetime
from uuid import UUID

_YEAR_9999 = 253_370_764_800_000


def new_id(at: datetime) -> UUID:
    """This is a fresh identifier made at the given moment."""
    milliseconds = int(at.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds << 80) | random
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def first_id(at: datetime) -> UUID:
    """This is what no identifier comes before that was made at a moment or later."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def made_until(id: UUID) -> datetime | None:
    """This is the end of the millisecond in which an identifier was made; None if it doesn't say, as other versions."""
    milliseconds = (id.int >> 80) + 1
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if id.version == 7 and milliseconds < _YEAR_9999 else None
