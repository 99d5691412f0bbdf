"""What a browser answers for a passkey: bounded, held to the shapes that authenticators make, and verified.

A sandbox's work, since whoever answers writes what they like. Authenticators speak CBOR, whose tags ask its reader for
more than data: numbers of any length, fractions, patterns. None of what a passkey says has one, so none is read.

Source: W3C Web Authentication Level 3, sections 6.1, 6.5, 7.1 and 7.2; RFC 8949, section 3; CTAP 2.1, section 8.
"""

from typing import Any

import cbor2
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import base64url_to_bytes

MADE = {"clientDataJSON": 4_096, "attestationObject": 16_384}
USED = {"clientDataJSON": 4_096, "authenticatorData": 4_096, "signature": 8_192}
"""So many bytes each part of an answer has at most: a signature of the newest algorithms has 4,627."""
LONGEST_ID = 1_023
LONGEST_HANDLE = 64
HEAD, ID_AT = 37, 55
"""Where the authenticator's data has a key's identifier, or goes on when there is none. Its flags are before."""
HAS_KEY = 0x40
DEEPEST = 8
"""CTAP allows four; an attestation is around that."""
BYTES, TEXT, ARRAY, MAP, TAG = 2, 3, 4, 5, 6
LENGTHS = {24: 1, 25: 2, 26: 4, 27: 8}


def narrowed(credential: dict[str, Any], parts: dict[str, int]) -> dict[str, Any] | None:
    """This is what is looked at of an answer; None where a part is missing, no text or too long."""
    response = credential.get("response")
    if not isinstance(response, dict) or credential.get("type") != "public-key":
        return None
    named = {"id": credential.get("id"), "rawId": credential.get("rawId")}
    kept = {name: response.get(name) for name in parts}
    most = {"id": LONGEST_ID, "rawId": LONGEST_ID} | parts
    if not all(isinstance(text, str) and len(text) <= _letters(most[name]) for name, text in (named | kept).items()):
        return None
    handle = response.get("userHandle")
    if handle is not None and not (isinstance(handle, str) and len(handle) <= _letters(LONGEST_HANDLE)):
        return None
    return named | {"type": "public-key", "response": kept | {"userHandle": handle}}


def _letters(length: int) -> int:
    """How many letters of base64 so many bytes have, with what may be put behind them."""
    return -(-length // 3) * 4


def made(credential: dict[str, Any], challenge: bytes, hub_id: str, origin: str) -> tuple[bytes, bytes, int] | None:
    """This is a new passkey, of an answer that was ``narrowed``: its identifier, its public key, its count. None where
    anything is wrong with it."""
    try:
        return _made(credential, challenge, hub_id, origin)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what the libraries make of what strangers wrote
        return None


def used(
    credential: dict[str, Any], challenge: bytes, hub_id: str, origin: str, public_key: bytes, count: int
) -> int | None:
    """This is a passkey's new count, by an answer that was ``narrowed``. None where anything is wrong with it."""
    try:
        return _used(credential, challenge, hub_id, origin, public_key, count)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what the libraries make of what strangers wrote
        return None


def _made(credential: dict[str, Any], challenge: bytes, hub_id: str, origin: str) -> tuple[bytes, bytes, int]:
    attestation = base64url_to_bytes(credential["response"]["attestationObject"])
    must_be_plain(attestation)
    must_be_authenticators(cbor2.loads(attestation)["authData"])
    verified = verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=hub_id,
        expected_origin=origin,
        require_user_verification=True,
    )
    return verified.credential_id, verified.credential_public_key, verified.sign_count


def _used(credential: dict[str, Any], challenge: bytes, hub_id: str, origin: str, public_key: bytes, count: int) -> int:
    must_be_authenticators(base64url_to_bytes(credential["response"]["authenticatorData"]))
    verified = verify_authentication_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=hub_id,
        expected_origin=origin,
        credential_public_key=public_key,
        credential_current_sign_count=count,
        require_user_verification=True,
    )
    return verified.new_sign_count


def must_be_authenticators(data: bytes) -> None:
    """Refuse an authenticator's data unless all of its CBOR is plain: a key, extensions.

    Raises:
        ValueError: it isn't.
    """
    at = HEAD
    if data[HEAD - 5] & HAS_KEY:
        at = ID_AT + int.from_bytes(data[ID_AT - 2 : ID_AT])
    if at > len(data):
        raise ValueError("It ends too early")
    must_be_plain(data[at:])


def must_be_plain(content: bytes) -> None:
    """Refuse CBOR, of any number of items, that has tags, is deep, or doesn't say its lengths. It is read once.

    Raises:
        ValueError: it is such, or ends too early.
    """
    at = 0
    open_items: list[int] = []
    """How many parts are still to come of each item that others stand in."""
    while at < len(content) or open_items:
        kind, number, at = _item(content, at)
        if open_items:
            open_items[-1] -= 1
        if kind in (BYTES, TEXT):
            at += number
        elif kind in (ARRAY, MAP):
            open_items.append(number * (2 if kind == MAP else 1))
        while open_items and not open_items[-1]:
            open_items.pop()
        if at > len(content) or len(open_items) > DEEPEST:
            raise ValueError("It ends too early, or is too deep")


def _item(content: bytes, at: int) -> tuple[int, int, int]:
    """What kind of item stands at a place, the number in its head, and where it goes on."""
    if at >= len(content):
        raise ValueError("It ends too early")
    kind, said = content[at] >> 5, content[at] & 0x1F
    if kind == TAG or said > max(LENGTHS):
        raise ValueError("It has a tag, or doesn't say its length")
    end = at + 1 + LENGTHS.get(said, 0)
    return kind, said if said < min(LENGTHS) else int.from_bytes(content[at + 1 : end]), end
