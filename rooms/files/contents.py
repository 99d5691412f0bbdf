"""Contents: what files hold. Their bytes are blobs; what they are is looked up in the bytes themselves."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from rooms.files.media_types import BINARY, HEAD_BYTES, PREVIEWED, media_type_of
from store.files.blobs import Blobs
from store.images.previews import MOST_BYTES, picture
from store.sandboxes.sandboxes import TooCostly


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, once it is in the blob store."""

    digest: str
    size: int
    media_type: str
    width: int | None = None
    height: int | None = None
    preview_digest: str | None = None

    @property
    def digests(self) -> list[str]:
        return [self.digest] if self.preview_digest is None else [self.digest, self.preview_digest]


async def keep(blobs: Blobs, business_id: UUID, name: str, stream: AsyncIterable[bytes]) -> Content:
    """Keep a stream's bytes, with a preview when they are an image; this is what they turned out to be."""
    headed = _Headed(stream)
    blob = await blobs.put(business_id, headed)
    media_type = media_type_of(bytes(headed.head), name)
    if media_type not in PREVIEWED or blob.size > MOST_BYTES:
        return Content(blob.digest, blob.size, media_type)
    try:
        seen = await picture(await blobs.get(business_id, blob.digest), turn=business_id)
    except TooCostly:
        return Content(blob.digest, blob.size, media_type)
    if seen is None:
        # It begins like an image, but no browser should be asked to show it.
        return Content(blob.digest, blob.size, BINARY)
    if seen.preview is None:
        return Content(blob.digest, blob.size, media_type, seen.width, seen.height)
    preview = await blobs.put(business_id, _one(seen.preview))
    return Content(blob.digest, blob.size, media_type, seen.width, seen.height, preview.digest)


class _Headed:
    """A stream whose beginning is remembered."""

    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream
        self.head = bytearray()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self.head += chunk[: HEAD_BYTES - len(self.head)]
            yield chunk


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
