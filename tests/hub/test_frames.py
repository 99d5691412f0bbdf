"""Frames: held against what the websockets library makes of the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from hub.sockets.frames import BadFrame, close_frame, closing_reply, frame, read_frame, read_request

LIMIT = 100_000
REQUEST = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
)

payloads = st.binary(max_size=300) | st.integers(300, LIMIT).map(lambda length: b"x" * length)


@given(payloads, st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.CONT]), st.booleans())
def test_what_a_client_sends_is_read(payload: bytes, kind: Opcode, last: bool) -> None:
    sent = Frame(kind, payload, fin=last).serialize(mask=True)
    found = read_frame(b"before" + sent + b"after", 6, LIMIT)
    assert found
    assert (found.last, found.kind, found.payload, found.end) == (last, kind, payload, 6 + len(sent))


@given(payloads)
def test_what_is_sent_is_what_the_standard_says(payload: bytes) -> None:
    assert frame(1, payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@given(st.binary(max_size=200), st.integers(0, 500))
def test_a_frame_that_is_not_whole_is_waited_for(payload: bytes, length: int) -> None:
    sent = Frame(Opcode.TEXT, payload).serialize(mask=True)
    assert (read_frame(sent[:length], 0, LIMIT) is None) == (length < len(sent))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (Frame(Opcode.TEXT, b"unmasked").serialize(mask=False), 1002),
        (b"\xc1\x80\x00\x00\x00\x00", 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (b"\x09\x80\x00\x00\x00\x00", 1002),
        (b"\x89\xfe\x00\x7e\x00\x00\x00\x00" + b"x" * 126, 1002),
        pytest.param(Frame(Opcode.TEXT, b"x" * (LIMIT + 1)).serialize(mask=True)[:20], 1009, id="too long"),
        (b"\x81\xff" + b"\xff" * 8, 1009),
    ],
)
def test_a_frame_that_may_not_be_is_known(sent: bytes, code: int) -> None:
    with pytest.raises(BadFrame) as caught:
        read_frame(sent, 0, LIMIT)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"\x03\xe8bye", 1000), (b"\x0f\xa0", 4000), (b"\x03\xec", 1002), (b"\x03", 1002), (b"\x03\xe8\xff", 1002)],
)
def test_a_close_is_answered(payload: bytes, code: int) -> None:
    assert closing_reply(payload) == close_frame(code)
    assert closing_reply(b"") == Frame(Opcode.CLOSE, b"").serialize(mask=False)


def test_a_request_is_read_and_proved_to_be_understood() -> None:
    read = read_request(REQUEST + b"early")
    assert read
    assert (read[0].path, read[0].query) == (b"/socket.io/", b"EIO=4&transport=websocket")
    assert read[0].accept == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # Source: RFC 6455, section 1.3
    assert read[1] == b"early"


@pytest.mark.parametrize(
    ("part", "instead"), [(b"GET", b"POST"), (b"version: 13", b"version: 8"), (b"dGhlI", b"!"), (b"\r\n\r\n", b"\r\n")]
)
def test_a_request_that_may_not_be_is_none(part: bytes, instead: bytes) -> None:
    assert read_request(REQUEST.replace(part, instead)) is None
