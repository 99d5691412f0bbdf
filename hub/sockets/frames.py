"""WebSocket frames, as RFC 6455 has them: what clients send, and what is sent to them."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

PROTOCOL_ERROR = 1002
UNSUPPORTED = 1003
NOT_TEXT = 1007
TOO_BIG = 1009


class BadFrame(Exception):
    """A frame that may not be, with the code to close with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Frame(NamedTuple):
    """One frame, unmasked, and where the next one begins."""

    last: bool
    kind: int
    payload: bytes
    end: int


def read_frame(data: bytes | bytearray, start: int, limit: int) -> Frame | None:
    """This is the client's frame that starts there, or None while it isn't whole.

    Raises:
        BadFrame: it isn't masked, is compressed, too long, or of no known kind. Source: RFC 6455, section 5.
    """
    if len(data) < start + 2:
        return None
    first, second = data[start], data[start + 1]
    kind, length, at = first & 0x0F, second & 0x7F, start + 2
    if first & 0x70 or not second & 0x80 or kind not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
        raise BadFrame(PROTOCOL_ERROR)
    if kind >= CLOSE and (length > 125 or not first & 0x80):
        raise BadFrame(PROTOCOL_ERROR)
    if length >= 126:
        size = 2 if length == 126 else 8
        if len(data) < at + size:
            return None
        length = int.from_bytes(data[at : at + size])
        at += size
    if length > limit:
        raise BadFrame(TOO_BIG)
    end = at + 4 + length
    if len(data) < end:
        return None
    payload = unmasked(data[at + 4 : end], data[at : at + 4])
    return Frame(bool(first & 0x80), kind, payload, end)


def unmasked(payload: bytes | bytearray, mask: bytes | bytearray) -> bytes:
    """This is a payload with its mask taken off (or put on: it is the same)."""
    length = len(payload)
    key = int.from_bytes((bytes(mask) * (length // 4 + 1))[:length])
    return (int.from_bytes(payload) ^ key).to_bytes(length)


def frame(kind: int, payload: bytes) -> bytes:
    """This is an unmasked, uncompressed, whole frame. Source: RFC 6455, section 5.2."""
    length = len(payload)
    first = (0x80 | kind).to_bytes()
    if length < 126:
        return first + length.to_bytes() + payload
    if length < 65536:
        return first + b"\x7e" + length.to_bytes(2) + payload
    return first + b"\x7f" + length.to_bytes(8) + payload


def text_frame(data: bytes) -> bytes:
    return frame(TEXT, data)


def close_frame(code: int) -> bytes:
    return frame(CLOSE, code.to_bytes(2))


def closing_reply(payload: bytes) -> bytes:
    """This is what answers a close frame with this payload. Source: RFC 6455, sections 5.5.1 and 7.4."""
    if not payload:
        return frame(CLOSE, b"")
    code = int.from_bytes(payload[:2])
    sensible = (
        len(payload) >= 2 and (3000 <= code < 5000 or code in range(1000, 1015)) and code not in (1004, 1005, 1006)
    )
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        sensible = False
    return close_frame(code if sensible else PROTOCOL_ERROR)


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request for a WebSocket."""

    path: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    accept: bytes
    """What proves to the client that it was understood."""


def read_request(data: bytes) -> tuple[Request, bytes] | None:
    """This is a request and what follows it, or None when it is none that RFC 6455, section 4.2.1 allows."""
    head, found, rest = data.partition(b"\r\n\r\n")
    line, *lines = head.split(b"\r\n")
    method, _, target = line.partition(b" ")
    if not found or method != b"GET":
        return None
    headers = [(name.lower(), value.strip()) for name, _, value in (each.partition(b":") for each in lines)]
    named = dict(headers)
    key = named.get(b"sec-websocket-key", b"")
    if named.get(b"sec-websocket-version") != b"13" or not _is_key(key):
        return None
    path, _, query = target.rpartition(b" ")[0].partition(b"?")
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    return Request(path, query, headers, accept), rest


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False
