"""Identifiers: UUID version 7, which sort by the time they were made.

Source: RFC 9562, section 5.7.
"""

import os
from datetime import datetime
from uuid import UUID


def new_id(at: datetime) -> UUID:
    """This is a fresh identifier made at the given moment."""
    milliseconds = int(at.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds << 80) | random
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
