"""ID tokens: what another service says of who came, signed by keys that it names itself.

A sandbox's work, since keys and tokens are a foreign service's. Of a key its public members alone are looked at, and
what of them is larger than any in use is left aside, as is a key of a kind that isn't known (RFC 7517, section 5).

Source: OpenID Connect Core 1.0, sections 2 and 3.1.3.7; RFC 7517; RFC 7518, section 6; RFC 8037.
"""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from store.wire.json import read_json

LEEWAY_SECONDS = 60
SIGNED_BY = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
"""Algorithms with a public key, by the kind of it; none with a shared secret, and never ``none``."""
MOST_KEYS = 20
"""So many are tried, of those that a token may be signed by."""
LONGEST_TOKEN = 32 * 1024
LONGEST_SUBJECT = 255
LONGEST_EMAIL = 320
RSA_BITS = range(2048, 8192 + 1)
RSA_EXPONENTS = range(3, 2**32)
LONGEST_NUMBER = 8192 // 6 + 2
"""So many letters of base64 has the largest number of a key."""
CURVES = {"EC": ("P-256", "P-384", "P-521"), "OKP": ("Ed25519", "Ed448")}
ABOUT_THE_KEY = ("kid", "alg", "use")
PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}

Key = RSAKey | ECKey | OKPKey


class NotGood(ValueError):
    """What a service sent can't be believed, and why."""


def looked_at(work: str, *arguments: Any) -> tuple[Any, str]:
    """This is what comes of ``has_keys`` or ``claims``, and why nothing does. Whatever a foreign service sends, it is
    its fault alone."""
    try:
        return _WORKS[work](*arguments), ""
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - what the libraries make of what strangers wrote
        return None, str(error)[:200] or type(error).__name__


def has_keys(keys: bytes) -> bool:
    """Whether a service's key set has a key that tokens can be signed by.

    Raises:
        NotGood: it isn't one, or has none such.
    """
    for key in _public_keys(keys):
        if _imported(key) is not None:
            return True
    raise NotGood("its keys can't be read")


def claims(keys: bytes, token: str, issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """This is who a token says came: the subject, and what is said of an e-mail.

    Raises:
        NotGood, JoseError: it isn't signed by one of the keys, or not for this.
    """
    decoded = _decoded(keys, token)
    said = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
            "sub": {"essential": True},
        },
        params={"nonce": nonce, "client_id": client_id},
    )
    said.validate(leeway=LEEWAY_SECONDS)
    subject = said["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotGood("its subject is none")
    return {"sub": subject} | about_email(said)


def about_email(said: dict[str, Any]) -> dict[str, Any]:
    """This is what is said of an e-mail, where it is of a kind and a length that can be meant."""
    email, verified = said.get("email"), said.get("email_verified")
    about: dict[str, Any] = {}
    if isinstance(email, str) and len(email) <= LONGEST_EMAIL:
        about["email"] = email
    if isinstance(verified, bool) or verified in ("true", "false"):
        about["email_verified"] = verified
    return about


_WORKS: dict[str, Callable[..., Any]] = {"has_keys": has_keys, "claims": claims}


def _decoded(keys: bytes, token: str) -> jwt.Token:
    if len(token) > LONGEST_TOKEN:
        raise NotGood("it is too long")
    header = _header(token)
    kid, algorithm = header.get("kid"), str(header.get("alg"))
    kind = SIGNED_BY.get(algorithm)
    if kind is None:
        raise NotGood("it is signed by no algorithm that is taken")
    fitting = [key for key in _public_keys(keys) if key["kty"] == kind and kid in (None, key.get("kid"))]
    failed: Exception = NotGood("no key of the service's fits it")
    for public in fitting[:MOST_KEYS]:
        if (key := _imported(public)) is not None:
            try:
                return jwt.decode(token, key, algorithms=[algorithm])
            except (JoseError, ValueError, TypeError) as error:
                failed = error
    raise failed


def _header(token: str) -> dict[str, Any]:
    encoded = token.partition(".")[0]
    header = read_json(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    if not isinstance(header, dict):
        raise NotGood("it has no header")
    return header


def _public_keys(content: bytes) -> Iterator[dict[str, str]]:
    """The keys of a set that are in use, each with its public members alone."""
    found = read_json(content)
    listed = found.get("keys") if isinstance(found, dict) else None
    for key in listed if isinstance(listed, list) else ():
        if isinstance(key, dict) and key.get("use", "sig") == "sig" and (public := _public(key)):
            yield public


def _public(key: dict[str, Any]) -> dict[str, str] | None:
    kind = key.get("kty")
    if not isinstance(kind, str) or kind not in PUBLIC:
        return None
    needed = ("kty", *PUBLIC[kind])
    named = (*needed, *(name for name in ABOUT_THE_KEY if key.get(name) is not None))
    known = {name: key[name] for name in named if isinstance(key.get(name), str) and len(key[name]) <= LONGEST_NUMBER}
    if len(known) < len(named):
        return None
    if kind in CURVES:
        return known if known["crv"] in CURVES[kind] else None
    is_usual = _number(known["n"]).bit_length() in RSA_BITS and _number(known["e"]) in RSA_EXPONENTS
    return known if is_usual else None


def _number(encoded: str) -> int:
    try:
        return int.from_bytes(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except ValueError:
        return 0


def _imported(key: dict[str, str]) -> Key | None:
    try:
        imported: Any = KeySet.import_key_set({"keys": [key]}).keys[0]  # type: ignore[list-item]
        _ = imported.public_key
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return imported  # type: ignore[no-any-return]
