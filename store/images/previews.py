"""Previews: a small picture of an image, and the proof that it is one.

What strangers upload is decoded in a sandbox (``store.images.pictures``), one at a time, within bounds of time and
memory.
"""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from uuid import UUID

from store.images.pictures import look, redraw
from store.sandboxes.sandboxes import Lane, TooCostly

MOST_BYTES = 64 * 1024 * 1024

_darkroom = Lane("pictures", cpu_seconds=20, memory_bytes=2 << 30, loads=("store.images.pictures",))


@dataclass(frozen=True, slots=True)
class ImagePreview:
    """An image: its size as seen, and a small WebP of it, where one can be made."""

    width: int
    height: int
    preview: bytes | None


async def picture(content: AsyncIterable[bytes], *, turn: UUID) -> ImagePreview | None:
    """This is what an image shows, or None when it is none.

    Raises:
        TooCostly: looking at it takes too much time or memory.
    """
    with NamedTemporaryFile() as file:
        size = 0
        async for chunk in content:
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooCostly("pictures: too large")
            await asyncio.to_thread(file.write, chunk)
        file.flush()
        seen = await _darkroom.run(look, file.name, turn=turn)
        return None if seen is None else ImagePreview(*seen)


async def redrawn(content: bytes, width: int, height: int, *, turn: UUID) -> bytes | None:
    """This is an image drawn anew as a PNG that fits a frame, or None when it is none or too large."""
    try:
        return await _darkroom.run(redraw, content, width, height, turn=turn)
    except TooCostly:
        return None
